// Asks the sources of a query route, in order or at the same time, within one budget.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "access/records/access_record.h"
#include "config/queries_config.h"
#include "query/answer_cache.h"
#include "query/source_calls.h"

namespace certbridge::host {

// What one source's answer comes to. `outcome`: "found", "absent", or why it is none.
struct JudgedAnswer {
  std::string outcome{};
  bool useful = false;    // so that no further step is needed
  bool answered = false;  // it said something, if only that it has nothing
  bool may_be_kept = false;
};

struct SourceRoundSettings {
  std::vector<QueryStep> steps{};
  std::set<std::string> types{};  // that are wanted; empty: every one
  std::string question_type{};
  // Canonical XML of the question about these types; none: about every type.
  std::function<std::string(const std::vector<std::string>& types)> question{};
  std::vector<Attachment> attachments{};
  bool may_join = false;  // an equal question that is under way
  // Null: nothing is kept. Else everything of the question that its answer depends on, which is
  // less than who asks.
  AnswerCache* cache = nullptr;
  std::function<std::string(const std::vector<std::string>& types)> kept_question{};
  std::function<Timestamp()> now{};  // where something is kept
  std::string trace_id{};
  Timer::Moment deadline{};
};

// Lives as long as it is under way. Everything is called on any thread.
class SourceRound : public std::enable_shared_from_this<SourceRound> {
 public:
  // Judges each answer that comes while the round is under way; calls may be at the same time.
  // `kept_since`: it was kept from an earlier query, which asked then.
  using Judge =
      std::function<JudgedAnswer(const std::string& endpoint, const Result<Message>& answer,
                                 std::optional<Timestamp> kept_since)>;
  // Called once: whom was asked, in that order, and what came of it. `failed`: somebody who was
  // asked said nothing.
  struct Outcome {
    std::vector<AskedSource> sources{};
    bool useful = false;
    bool answered = false;
    bool failed = false;
  };
  using Done = std::function<void(const Outcome& outcome)>;

  static void begin(SourceCalls& calls, Timer& timer, SourceRoundSettings settings, Judge judge,
                    Done done);

 private:
  // Of an answer that is kept when it comes; without a question none is.
  struct Keeping {
    std::string question{};
    std::uint64_t moment = 0;
    Timestamp since{};
  };
  struct Asked {
    std::size_t step = 0;
    std::string endpoint{};
    Keeping keeping{};
    JudgedAnswer answer{};
    bool came = false;
  };

  SourceRound(SourceCalls& calls, Timer& timer, SourceRoundSettings settings, Judge judge,
              Done done)
      : calls_(calls),
        timer_(timer),
        settings_(std::move(settings)),
        judge_(std::move(judge)),
        done_(std::move(done)) {}
  void go_on();
  // `here`: with nothing left to do, so that it may take as long as the source does.
  void ask(std::size_t place, const QuerySource& source, bool here);
  void ask_step(std::size_t step, const std::vector<std::size_t>& places);
  void hedge(std::size_t step);
  // True when it was answered by what was kept.
  bool answer_from_cache(std::size_t place, const QuerySource& source,
                         const std::vector<std::string>& types);
  void came(std::size_t place, const Result<Message>& answer, std::optional<Timestamp> kept_since);
  void keep(const Keeping& keeping, const Result<Message>& answer);
  // Of the types that are wanted, those that the source has; nothing when it has none of them.
  std::optional<std::vector<std::string>> types_for(const QuerySource& source) const;
  bool wants(const QuerySource& source) const { return types_for(source).has_value(); }
  bool is_decided() const;  // with the lock held, as the next ones
  bool is_waiting() const;
  bool is_complete(std::size_t step, bool& useful) const;
  std::vector<std::size_t> start_step();
  Outcome outcome() const;

  SourceCalls& calls_;
  Timer& timer_;
  SourceRoundSettings settings_;
  Judge judge_;
  Done done_;
  std::mutex mutex_{};
  std::vector<Asked> asked_{};  // under mutex_, as are the next two
  std::size_t started_ = 0;     // steps
  bool over_ = false;
};

}  // namespace certbridge::host
