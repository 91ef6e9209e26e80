#include "reconcile/logged_uses.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "certbridge/query.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::year_month_day kLoggedDay{std::chrono::year(2026) / 11 / 27};

// Answers one page after the other, the last one again and again.
class LogOfPages final : public Responder {
 public:
  explicit LogOfPages(std::vector<UsesPage> pages) : pages_(std::move(pages)) {}
  Result<Message> answer(const Message& question, const Call&) override {
    const auto asked = parse_uses_question(read_all(*question.body, 10'000).value());
    EXPECT_TRUE(asked.ok());
    asked_.push_back(asked.value().after);
    Message answer;
    answer.type = question.type;
    answer.media_type = kQueryMediaType;
    answer.body = content_of(write_uses(pages_[std::min(asked_.size(), pages_.size()) - 1]));
    return answer;
  }
  std::vector<std::string> asked_{};

 private:
  std::vector<UsesPage> pages_;
};

LoggedUse use_by(UsedBy by) { return {by, "unit", "type", "issuer", "loan", "query", "found"}; }

TEST(LoggedUses, PagesAreCountedTogether) {
  LogOfPages log({{true, {use_by(UsedBy::kOthers), use_by(UsedBy::kOurselves)}, "2"},
                  {true, {use_by(UsedBy::kOthers)}, ""}});
  const auto told = ask_logged_uses(log, {kLoggedDay, {}, 2}, {});
  ASSERT_TRUE(told.ok()) << told.error().message;
  EXPECT_TRUE(told.value().offered);
  EXPECT_EQ((std::vector<std::string>{"", "2"}), log.asked_);
  EXPECT_EQ(2U, told.value().counts.at(use_by(UsedBy::kOthers)));
  EXPECT_EQ(1U, told.value().counts.at(use_by(UsedBy::kOurselves)));
}

TEST(LoggedUses, PagesWithoutEndAreRefused) {
  LogOfPages log({{true, {use_by(UsedBy::kOthers)}, "2"}});
  EXPECT_EQ("reconcile.books_damaged", ask_logged_uses(log, {kLoggedDay, {}, 1}, {}).error().code);
}

TEST(LoggedUses, MoreThanIsCountedIsRefused) {
  std::vector<UsesPage> pages;
  for (int page = 0; page < 11; ++page) {
    UsesPage& made = pages.emplace_back();
    made.offered = true;
    made.next = std::to_string(page);
    for (int i = 0; i < 1000; ++i) {
      made.uses.push_back(use_by(UsedBy::kOthers));
      made.uses.back().unit = std::to_string(page * 1000 + i);
    }
  }
  LogOfPages log(std::move(pages));
  EXPECT_EQ("reconcile.too_many", ask_logged_uses(log, {kLoggedDay, {}, 1000}, {}).error().code);
}

TEST(LoggedUses, ALibraryMayHaveNone) {
  LogOfPages log(std::vector<UsesPage>(1));
  EXPECT_FALSE(ask_logged_uses(log, {kLoggedDay, {}, 500}, {}).value().offered);
}

}  // namespace
}  // namespace certbridge::host
