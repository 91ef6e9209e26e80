// One query from its arrival to its answer. Identified, decided, recorded and answered on threads
// of the desk; a thread that has nothing else to do with it asks its source itself.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "access/policy/decision.h"
#include "query/answer_body.h"
#include "query/desk_parts.h"
#include "query/source_round.h"

namespace certbridge::host {

// Keeps itself alive while it is under way.
class QueryRun : public std::enable_shared_from_this<QueryRun> {
 public:
  QueryRun(QueryDesk::Parts& desk, QueryKind kind, SignedRequest request, QueryDesk::Reply reply);
  void begin();
  void refuse(const Error& error) { replier_.refuse(error); }

 private:
  // A certificate that a source holds and that the permission allows to see.
  struct Found {
    std::string source{};
    std::optional<Timestamp> as_of{};
    bool cached = false;
    FoundCertificate certificate{};
  };
  // What leaves, and how it is recorded.
  struct Answer {
    AnswerFrame frame{};
    std::string part{};
    int status = 200;
    std::vector<std::string> disclosed{};
    std::string digest{};  // SM3 of what leaves; empty: nothing does
    const Found* about = nullptr;
    std::optional<Attachment> file{};
    std::map<std::string, std::string> headers{};
    // Of the same answer, one for each further certificate.
    std::vector<std::pair<AccessRecord, const Found*>> further{};
    std::vector<UsedCertificate> used{};  // what it was made of
  };

  // To the decision: query_run.cpp.
  void identify_and_ask();
  Result<void> understand();
  void ask_case();
  void case_came(const Result<Message>& answer);
  void count_uses();
  void decide_now();
  void deny_for(const std::string& limit);
  void go_on_allowed();
  void deny();

  // Asking the sources: query_sources.cpp.
  void ask_sources();
  Result<Attachment> store_file();
  std::string question(const std::vector<std::string>& types) const;
  AskedFor asked_for() const;
  std::vector<std::string> wanted_types() const;
  void use_cache(SourceRoundSettings& settings);
  JudgedAnswer judge(const std::string& endpoint, const Result<Message>& answer,
                     std::optional<Timestamp> kept_since);
  // Whether the file of it is on the list of the purpose.
  bool file_may_leave(const FoundCertificate& found);
  JudgedAnswer judge_found(const std::string& endpoint, const std::string& body,
                           std::optional<Timestamp> kept_since);
  JudgedAnswer judge_verdict(const std::string& endpoint, const std::string& body);
  std::vector<Found> found_in_order() const;
  void ask_file(const Found& found);
  void file_came(const Result<Message>& answer);

  // Annotated copies of files whose original may not leave: query_copy.cpp.
  bool needs_copy() const {
    return kind_ == QueryKind::kFile && !decision_.permission.original_file;
  }
  void ask_copy(const Attachment& original);
  void copy_came(const Result<Message>& answer);
  void answer_copy(const Attachment& copy);
  void answer_no_copier();
  void answer_no_copy(const Error& error);

  // The answer: query_answer.cpp.
  void sources_came();
  void answer_certificates(const std::vector<Found>& found);
  void answer_availability(const std::vector<Found>& found);
  void answer_comparison(const Found& found);
  void answer_ambiguous(const Found& first);
  void answer_verification();
  void answer_withheld();
  void answer_nothing();
  void finish(const Answer& answer);
  AnswerFrame frame(const std::string& code) const;
  Answer file_answer(const Attachment& file) const;
  AccessRecord record(const Answer& answer) const;
  std::optional<ObjectionMark> mark_of(const FoundCertificate& found,
                                       const std::vector<std::string>& seen) const;
  std::vector<AccessRecord> flag_records(AccessRecord main) const;
  AccessRecord further_record(AccessRecord main, const AccessRecord& further) const;
  Result<AccessPlace> append(const Answer& answer, const AccessRecord& main);
  Result<void> append_beside(const Answer& answer, const AccessRecord& main, std::uint64_t number);
  // What is used in a case, before it leaves: query_kept.cpp.
  bool is_kept() const;
  void note_used(const std::vector<Found>& found, Answer& answer) const;
  Result<void> keep(const Answer& answer, const AccessRecord& main, const AccessPlace& place);
  void give(const Answer& answer, std::uint64_t number);

  // What comes back is worked on by a thread of the desk: by this one, if it is one.
  template <class Function>
  void resume(Function function) {
    if (desk_.pool.is_here()) return guarded(function);
    desk_.pool.resume(
        [self = shared_from_this(), function = std::move(function)] { self->guarded(function); });
  }
  using Came = void (QueryRun::*)(const Result<Message>& answer);
  // The same for an answer, which is copied only where it has to wait.
  void resume_with(const Result<Message>& answer, Came came) {
    if (desk_.pool.is_here()) {
      return guarded([&answer, came](QueryRun& run) { (run.*came)(answer); });
    }
    resume([answer, came](QueryRun& run) { (run.*came)(answer); });
  }
  // Whatever is thrown ends the query without an answer: memory is short, or a library threw.
  template <class Function>
  void guarded(const Function& function) {
    try {
      function(*this);
    } catch (const std::exception&) {
      replier_.refuse(Error::fault("query.failed", "the query could not be worked on to its end"));
    }
  }

  QueryDesk::Parts& desk_;
  QueryKind kind_;
  SignedRequest signed_;
  Replier replier_;
  std::string trace_id_;
  const QueryRouteConfig* route_ = nullptr;
  Query query_{};
  AccessRequest request_{};
  NeededFacts needed_{};
  AccessFacts facts_{};
  std::unique_ptr<GroundUses::Hold> hold_{};
  Decision decision_{};
  std::vector<std::string> flags_{};  // codes of what is to be looked at
  Timestamp decided_{};
  Timer::Moment deadline_{};
  SourceRound::Outcome asked_{};
  std::optional<Found> chosen_{};              // whose file is fetched
  CopyQuestion copy_{};                        // what the copy of it says
  std::optional<Attachment> shown_file_{};     // that is to be verified
  std::optional<Attachment> received_file_{};  // of which a copy leaves
  mutable std::mutex mutex_{};
  std::vector<Found> found_{};  // under mutex_ while sources are asked, as are the next two
  std::vector<std::pair<std::string, VerifyAnswer>> verdicts_{};
  bool file_withheld_ = false;  // one that is there and that the purpose does not have on its list
};

}  // namespace certbridge::host
