#include "query/source_round.h"

#include <algorithm>

#include "certbridge/query.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestKept = 1024UL * 1024;  // bytes of an answer

}  // namespace

void SourceRound::begin(SourceCalls& calls, Timer& timer, SourceRoundSettings settings, Judge judge,
                        Done done) {
  const std::shared_ptr<SourceRound> round(
      new SourceRound(calls, timer, std::move(settings), std::move(judge), std::move(done)));
  round->go_on();
}

std::optional<std::vector<std::string>> SourceRound::types_for(const QuerySource& source) const {
  const std::set<std::string>& wanted = settings_.types;
  if (source.types.empty()) return std::vector<std::string>(wanted.begin(), wanted.end());
  if (wanted.empty()) return std::vector<std::string>(source.types.begin(), source.types.end());
  std::vector<std::string> both;
  std::set_intersection(wanted.begin(), wanted.end(), source.types.begin(), source.types.end(),
                        std::back_inserter(both));
  if (both.empty()) return {};
  return both;
}

bool SourceRound::is_complete(std::size_t step, bool& useful) const {
  bool complete = true;
  for (const Asked& one : asked_) {
    if (one.step != step) continue;
    complete = complete && one.came;
    useful = useful || (one.came && one.answer.useful);
  }
  return complete;
}

// A step that has come to its end with something, or all of them without.
bool SourceRound::is_decided() const {
  bool all = started_ == settings_.steps.size();
  for (std::size_t step = 0; step < started_; ++step) {
    bool useful = false;
    const bool complete = is_complete(step, useful);
    if (complete && useful) return true;
    all = all && complete;
  }
  return all;
}

// Places in asked_ of who is asked now.
std::vector<std::size_t> SourceRound::start_step() {
  std::vector<std::size_t> places;
  const QueryStep& step = settings_.steps[started_];
  for (const QuerySource& source : step.sources) {
    if (!wants(source)) continue;
    places.push_back(asked_.size());
    asked_.push_back({started_, source.endpoint, {}, {}, false});
  }
  ++started_;
  return places;
}

// Starts the next step once every one before has come to nothing, or tells the end.
void SourceRound::go_on() {
  while (true) {
    std::vector<std::size_t> places;
    std::size_t step = 0;
    bool over = false;
    Outcome end;
    {
      const std::lock_guard lock(mutex_);
      if (over_) return;
      over = over_ = is_decided();
      if (over) {
        end = outcome();
      } else if (is_waiting()) {
        return;
      } else {
        step = started_;
        places = start_step();
      }
    }
    if (over) return done_(end);
    if (places.empty()) continue;  // nobody here knows these types
    return ask_step(step, places);
  }
}

bool SourceRound::is_waiting() const {
  return std::any_of(asked_.begin(), asked_.end(), [](const Asked& one) { return !one.came; });
}

void SourceRound::ask_step(std::size_t step, const std::vector<std::size_t>& places) {
  hedge(step);
  std::size_t next = 0;
  for (const QuerySource& source : settings_.steps[step].sources) {
    if (!wants(source)) continue;
    const std::size_t place = places[next++];
    ask(place, source, next == places.size());
  }
}

// Begins the step behind although this one has not come to its end.
void SourceRound::hedge(std::size_t step) {
  const auto after = settings_.steps[step].hedge_after;
  if (!after || step + 1 >= settings_.steps.size()) return;
  timer_.at(std::chrono::steady_clock::now() + *after, [self = shared_from_this(), step] {
    std::vector<std::size_t> places;
    {
      const std::lock_guard lock(self->mutex_);
      if (self->over_ || self->started_ != step + 1) return;
      places = self->start_step();
    }
    self->ask_step(step + 1, places);
    self->go_on();
  });
}

void SourceRound::ask(std::size_t place, const QuerySource& source, bool here) {
  const auto types = types_for(source).value_or(std::vector<std::string>());
  if (settings_.cache != nullptr && answer_from_cache(place, source, types)) return;
  SourceCall call;
  call.endpoint = source.endpoint;
  call.question.type = settings_.question_type;
  call.question.media_type = kQueryMediaType;
  const std::string question = settings_.question(types);
  call.question.body = content_of(question);
  call.question.attachments = settings_.attachments;
  if (settings_.may_join) {
    call.same = source.endpoint + "\n" + settings_.question_type + "\n" + question;
  }
  call.trace_id = settings_.trace_id;
  call.deadline = std::min(settings_.deadline, std::chrono::steady_clock::now() + source.timeout);
  call.here = here;
  calls_.ask(std::move(call), [self = shared_from_this(), place](const Result<Message>& answer) {
    self->came(place, answer, {});
  });
}

bool SourceRound::answer_from_cache(std::size_t place, const QuerySource& source,
                                    const std::vector<std::string>& types) {
  Keeping keeping{source.endpoint + "\n" + settings_.kept_question(types),
                  settings_.cache->moment(), settings_.now()};
  if (const auto kept = settings_.cache->find(keeping.question)) {
    Message answer;
    answer.media_type = kQueryMediaType;
    answer.body = content_of(kept->answer);
    came(place, answer, kept->since);
    return true;
  }
  const std::lock_guard lock(mutex_);
  asked_[place].keeping = std::move(keeping);
  return false;
}

void SourceRound::came(std::size_t place, const Result<Message>& answer,
                       std::optional<Timestamp> kept_since) {
  Asked asked;
  {
    const std::lock_guard lock(mutex_);
    if (over_) return;
    asked = asked_[place];
  }
  const JudgedAnswer judged = judge_(asked.endpoint, answer, kept_since);
  if (judged.may_be_kept && !kept_since) keep(asked.keeping, answer);
  {
    const std::lock_guard lock(mutex_);
    asked_[place].answer = judged;
    asked_[place].came = true;
  }
  go_on();
}

void SourceRound::keep(const Keeping& keeping, const Result<Message>& answer) {
  if (settings_.cache == nullptr || keeping.question.empty()) return;
  const auto body = read_all(*answer.value().body, kLargestKept);
  if (!body) return;
  settings_.cache->keep(keeping.question, keeping.moment, {body.value(), keeping.since});
}

SourceRound::Outcome SourceRound::outcome() const {
  Outcome end;
  for (const Asked& one : asked_) {
    end.sources.push_back({one.endpoint, one.came ? one.answer.outcome : "not-awaited"});
    end.useful = end.useful || (one.came && one.answer.useful);
    end.answered = end.answered || (one.came && one.answer.answered);
    end.failed = end.failed || (one.came && !one.answer.answered);
  }
  return end;
}

}  // namespace certbridge::host
