#include "search_fixture.h"

namespace certbridge::host::testing {

void SearchTest::open() {
  filler_.reset();
  if (store_ != nullptr) store_->close();
  store_.reset();
  auto opened = open_sqlite_store(sqlite_settings(folder_.path(), clock_));
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  store_ = std::move(opened).value();
}

std::string SearchTest::add_event(const std::string& key) {
  Message message = event(key, {{"case", "C-" + key}});
  message.headers["case-no"] = "C-" + key;
  const Acceptance answer = store_->accept("registration", {message}).at(0);
  EXPECT_EQ(answer.verdict, Acceptance::Verdict::kAccepted) << answer.message;
  return answer.id;
}

std::string SearchTest::add_certificate(const std::string& key, const std::string& number,
                                        const std::string& holder_id,
                                        const std::string& holder_name) {
  Transition transition;
  MessageChange change;
  change.id = add_event(key);
  change.state = MessageState::kRouted;
  transition.messages = {change};
  RoutedChild child;
  child.message = event("", {{"case", "C-" + key}});
  child.message.id = change.id + "/0";
  child.message.type = "certificate.issue";
  child.message.headers["case-no"] = "C-" + key;
  child.message.headers["certificate-number-normalised"] = number;
  child.search_terms = {{SearchTerm::Kind::kHolderId, holder_id},
                        {SearchTerm::Kind::kHolderName, holder_name}};
  transition.children = {child};
  const auto applied = store_->apply(std::move(transition));
  EXPECT_TRUE(applied.ok()) << applied.error().message;
  return change.id + "/0";
}

void SearchTest::set_state(const std::string& id, MessageState state) {
  Transition transition;
  MessageChange change;
  change.id = id;
  change.state = state;
  transition.messages = {change};
  const auto applied = store_->apply(std::move(transition));
  EXPECT_TRUE(applied.ok()) << applied.error().message;
}

SearchFiller& SearchTest::filler() {
  if (filler_ == nullptr) {
    FillerSettings settings;
    settings.data_folder = folder_.path();
    settings.batch = 3;  // so that there are several
    filler_ = std::make_unique<SearchFiller>(settings, store_->search_source(), clock_);
    const auto opened = filler_->open();
    EXPECT_TRUE(opened.ok()) << opened.error().message;
  }
  return *filler_;
}

FillerReport SearchTest::fill() {
  auto filled = filler().fill({});
  EXPECT_TRUE(filled.ok()) << filled.error().code << ": " << filled.error().message;
  return filled ? filled.value() : FillerReport{};
}

std::string SearchTest::month_file(const std::string& month) const {
  return SearchFolder(folder_.path()).file_of(month);
}

SearchAnswer SearchTest::ask(const SearchQuestion& question) {
  auto answer = search_messages(folder_.path(), store_->search_source(), question);
  EXPECT_TRUE(answer.ok()) << answer.error().code << ": " << answer.error().message;
  return answer ? answer.value() : SearchAnswer{};
}

std::vector<std::string> SearchTest::ids(const SearchQuestion& question) {
  std::vector<std::string> found;
  for (const FoundMessage& one : ask(question).found) found.push_back(one.message.message.id);
  return found;
}
std::vector<std::string> SearchTest::ids(SearchTerm::Kind kind, const std::string& value) {
  return ids(by(kind, value));
}

SearchQuestion by(SearchTerm::Kind kind, const std::string& value) {
  SearchQuestion question;
  question.terms = {{kind, value}};
  return question;
}

}  // namespace certbridge::host::testing
