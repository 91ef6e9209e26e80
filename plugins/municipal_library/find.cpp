#include "find.h"

#include <algorithm>

#include "certbridge/text.h"
#include "found.h"

namespace certbridge::municipal_library {
namespace {

using Found = Result<std::vector<FoundCertificate>>;

bool asks_each_type(const RemoteCall& call) {
  return std::any_of(call.fields.begin(), call.fields.end(),
                     [](const Field& field) { return field.from == "asked.type"; });
}

// A library may repeat in its words what it was asked.
Error without(Error error, const FindQuestion& question) {
  const QueriedHolder holder = question.holder.value_or(QueriedHolder{});
  for (const std::string& text :
       {holder.name, holder.code, question.number, question.asked_for.person}) {
    auto at = text.empty() ? std::string::npos : error.message.find(text);
    while (at != std::string::npos) {
      error.message.replace(at, text.size(), "*");
      at = error.message.find(text, at + 1);
    }
  }
  return error;
}

class Finder {
 public:
  Finder(LibraryCaller& caller, const Call& call)
      : caller_(caller), rule_(caller.dialect().ask), call_(call) {}

  Found by_holder(Asked asked) {
    std::vector<std::string> types;
    if (asks_each_type(rule_.by_holder)) types = asked.types;
    if (types.empty()) types.emplace_back();
    std::vector<FoundCertificate> found;
    for (const std::string& type : types) {
      asked.type = type;
      auto some = ask(rule_.by_holder, asked);
      if (!some) return some;
      add_new(std::move(some).value(), found);
      if (found.size() > kMostFound) return too_many();
    }
    return rule_.listed_only ? the_rest_of(found, asked) : Found(std::move(found));
  }
  Found by_identifier(const Asked& asked) {
    return only(ask(rule_.by_identifier, asked),
                [&](const FoundCertificate& one) { return one.identifier == asked.identifier; });
  }
  Found by_number(const Asked& asked) {
    const std::string wanted = fold_width_and_blanks(asked.number);
    const auto is_wanted = [&](const FoundCertificate& one) {
      return one.number.empty() || fold_width_and_blanks(one.number) == wanted;
    };
    auto found = only(ask(rule_.by_number, asked), is_wanted);
    if (!found || !rule_.listed_only) return found;
    return only(the_rest_of(found.value(), asked), is_wanted);
  }

  std::optional<Timestamp> as_of() const { return as_of_; }

 private:
  // Of several answers all are as old as the oldest.
  void note_time(std::optional<Timestamp> time) {
    if (time && (!as_of_ || *time < *as_of_)) as_of_ = time;
  }
  static Error too_many() {
    return Error::permanent("municipal.too_much",
                            "the library found more than 100 certificates; narrow the question by "
                            "certificate type");
  }
  // A library that does not narrow by type says the same again for each.
  static void add_new(std::vector<FoundCertificate> some, std::vector<FoundCertificate>& into) {
    for (FoundCertificate& one : some) {
      const bool known = std::any_of(into.begin(), into.end(), [&](const FoundCertificate& other) {
        return !one.identifier.empty() && one.identifier == other.identifier;
      });
      if (!known) into.push_back(std::move(one));
    }
  }
  Found ask(const RemoteCall& remote, const Asked& asked) {
    Subject subject;
    subject.asked = &asked;
    auto reply = caller_.ask(remote, subject, call_);
    if (!reply) return reply.error();
    if (reply.value().meaning == AnswerClass::kNotFound) return std::vector<FoundCertificate>();
    if (reply.value().meaning == AnswerClass::kOk) {
      note_time(data_time(caller_.dialect(), reply.value().answer));
      return read_found(caller_.dialect(), reply.value().answer);
    }
    return error_of(reply.value().meaning, remote.name, reply.value().answer.code(),
                    reply.value().answer.words());
  }
  // What nobody asked for is not handed on, not even to be dropped.
  template <class Is>
  static Found only(Found found, const Is& is_asked) {
    if (!found || std::all_of(found.value().begin(), found.value().end(), is_asked)) return found;
    return Error::retryable("municipal.garbled",
                            "the library was asked for one certificate and answered with others");
  }
  // What is gone since it was listed is left out.
  Found the_rest_of(const std::vector<FoundCertificate>& listed, Asked asked) {
    asked.holder = QueriedHolder{};
    asked.number.clear();
    std::vector<FoundCertificate> found;
    for (const FoundCertificate& one : listed) {
      asked.identifier = one.identifier;
      auto some = by_identifier(asked);
      if (!some) return some;
      std::move(some.value().begin(), some.value().end(), std::back_inserter(found));
    }
    return found;
  }

  LibraryCaller& caller_;
  const AskRule& rule_;
  const Call& call_;
  std::optional<Timestamp> as_of_{};
};

Found found_by(Finder& finder, const AskRule& rule, const FindQuestion& question) {
  Asked asked;
  asked.asked_for = question.asked_for;
  asked.types = question.types;
  if (question.holder) {
    if (rule.by_holder.path.empty()) return not_offered("a holder");
    asked.holder = *question.holder;
    return finder.by_holder(std::move(asked));
  }
  asked.identifier = question.identifier;
  asked.number = question.number;
  if (!asked.number.empty()) {
    return rule.by_number.path.empty() ? not_offered("a number") : finder.by_number(asked);
  }
  return rule.by_identifier.path.empty() ? not_offered("an identifier")
                                         : finder.by_identifier(asked);
}

bool is_wanted(const FindQuestion& question, const FoundCertificate& one) {
  return question.types.empty() || std::find(question.types.begin(), question.types.end(),
                                             one.type_code) != question.types.end();
}

}  // namespace

Error not_offered(const std::string& what) {
  return Error::permanent("municipal.not_offered",
                          "the library's dialect has no call that asks by " + what +
                              "; ask another source, or write the call into the dialect file");
}

Result<FindAnswer> find_certificates(LibraryCaller& caller, const FindQuestion& question,
                                     const Call& call) {
  Finder finder(caller, call);
  auto found = found_by(finder, caller.dialect().ask, question);
  if (!found) return without(found.error(), question);
  FindAnswer answer;
  answer.as_of = finder.as_of();
  for (FoundCertificate& one : found.value()) {
    if (is_wanted(question, one)) answer.found.push_back(std::move(one));
  }
  return answer;
}

}  // namespace certbridge::municipal_library
