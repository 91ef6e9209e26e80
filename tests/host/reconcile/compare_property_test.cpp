// Gaps planted at random are found, each with its sort, and nothing else is.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "books_sample.h"

namespace certbridge::host {
namespace {

using Planted = std::set<std::pair<DifferenceSort, std::string>>;

// Plants at most one gap on each certificate of the agreeing books.
class Planter {
 public:
  Planter(std::uint32_t seed, int count) : chance_(seed), all_(agreeing_books(count)) {
    for (int index = 1; index <= count; ++index) plant(index);
    extend(count);
    shuffle();
  }
  const Gathered& all() const { return all_; }
  const Planted& planted() const { return planted_; }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(chance_); }
  void expect(DifferenceSort sort, const std::string& name) { planted_.emplace(sort, name); }
  std::vector<BookedCertificate>& held() { return all_.counterparts[0].page.certificates; }

  BookedCertificate& held_of(const std::string& identifier) {
    return *std::find_if(held().begin(), held().end(), [&](const BookedCertificate& one) {
      return one.identifier == identifier;
    });
  }

  void plant(int index) {
    JournalCertificate& ours = all_.journal[static_cast<std::size_t>(index) - 1];
    const std::string identifier = ours.identifier;
    switch (pick(9)) {
      case 0:
        std::erase_if(held(), [&](const auto& one) { return one.identifier == identifier; });
        expect(DifferenceSort::kMissing, identifier);
        break;
      case 1:
        held_of(identifier).state = said_ended();
        expect(DifferenceSort::kState, identifier);
        break;
      case 2:
        held_of(identifier).digest = "other";
        expect(DifferenceSort::kDigest, identifier);
        break;
      case 3:  // on its way: no gap
        ours.standing[kLibrary] = Standing::kUnderWay;
        std::erase_if(held(), [&](const auto& one) { return one.identifier == identifier; });
        break;
      case 4:  // changed, and on its way: no gap
        ours.moving = true;
        ours.word = "cancelled";
        break;
      default:
        break;
    }
  }

  void extend(int count) {
    for (int index = count + 1; index <= count + 1 + pick(5); ++index) {
      held().push_back(held_at(index));
      expect(DifferenceSort::kExtra, "identifier-" + std::to_string(index));
    }
    for (int index = count + 11; index <= count + 11 + pick(5); ++index) {
      const std::string case_no = "case-" + std::to_string(index);
      all_.registration.page.cases.push_back({case_no, "411324", {}});
      all_.registration.page.certificates.push_back(booked_at(index));
      all_.cases[case_no].arrived = pick(2) == 0;
      const bool arrived = all_.cases[case_no].arrived;
      expect(arrived ? DifferenceSort::kNotIssued : DifferenceSort::kNeverArrived, case_no);
    }
  }

  // Nobody promises an order.
  void shuffle() {
    std::shuffle(held().begin(), held().end(), chance_);
    std::shuffle(all_.journal.begin(), all_.journal.end(), chance_);
  }

  std::mt19937 chance_;
  Gathered all_;
  Planted planted_{};
};

TEST(CompareProperty, PlantedGapsAreFoundExactly) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    const Planter planter(seed, 40);
    const Comparison found = compare_books(planter.all());
    Planted seen;
    for (const Difference& one : found.differences) {
      const bool of_case =
          one.sort == DifferenceSort::kNeverArrived || one.sort == DifferenceSort::kNotIssued;
      EXPECT_TRUE(seen.emplace(one.sort, of_case ? one.case_no : one.identifier).second);
    }
    ASSERT_EQ(seen, planter.planted()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace certbridge::host
