#include "reconcile/face_comparison.h"

#include <algorithm>
#include <iterator>

#include "certbridge/record.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestFace = 1024UL * 1024;  // bytes
constexpr std::size_t kMostPublished = 1000;           // fields
const OrderKey kFacesKey{"faces", "last"};

const TypeField* field_named(const std::vector<TypeField>& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const TypeField& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string need_word(bool required) { return required ? "required" : "optional"; }

std::vector<TypeField> fields_in(const std::vector<RecordSet>& sets) {
  std::vector<TypeField> fields;
  for (const RecordSet& set : sets) {
    if (set.name != "face") continue;
    for (const Record& row : set.records) {
      fields.push_back({row.text_or_empty("name"), row.text_or_empty("label"),
                        row.text_or_empty("required") == "yes"});
    }
  }
  return fields;
}

// None where the counterpart publishes no faces.
Result<std::optional<std::vector<TypeField>>> ask_published(Responder& responder,
                                                            const std::string& code,
                                                            const Call& call) {
  Message question;
  question.type = kFaceQuestion;
  question.headers["type-code"] = code;
  auto answer = responder.answer(question, call);
  if (!answer) return answer.error();
  const auto offered = answer.value().headers.find("offered");
  if (offered != answer.value().headers.end() && offered->second == "no") {
    return std::optional<std::vector<TypeField>>();
  }
  if (answer.value().body == nullptr) {
    return Error::permanent("catalogue.face_damaged", "its answer has no body");
  }
  auto bytes = read_all(*answer.value().body, kLargestFace);
  if (!bytes) return bytes.error();
  auto rows = parse_records(bytes.value());
  if (!rows) return rows.error();
  auto fields = fields_in(rows.value());
  if (fields.size() > kMostPublished) {
    return Error::permanent("catalogue.face_damaged", "it publishes more than 1000 fields");
  }
  return std::optional(std::move(fields));
}

// One run through all counterparts and types.
class FaceRound {
 public:
  FaceRound(const Clock& clock, Timestamp now, std::chrono::steady_clock::time_point deadline,
            std::stop_token stop)
      : clock_(clock), deadline_(deadline), stop_(std::move(stop)) {
    report_.when = now;
  }

  void ask(const std::string& endpoint, Responder* responder, const CertificateType& type) {
    const TypeVersion& version = type.in_force(report_.when);
    if (version.state == TypeState::kDraft) return;
    FaceAsked asked{endpoint, type.code, std::to_string(version.number), "compared"};
    if (responder == nullptr) {
      asked.outcome = "the configuration has no such responder";
    } else if (clock_.steady() >= deadline_ || stop_.stop_requested()) {
      asked.outcome = "not asked in time";
    } else {
      compare(*responder, version, asked);
    }
    report_.asked.push_back(std::move(asked));
  }
  FaceReport take() { return std::move(report_); }

 private:
  void compare(Responder& responder, const TypeVersion& version, FaceAsked& asked) {
    Call call;
    call.trace_id = "faces";
    call.step_key = "faces/" + asked.endpoint + "/" + asked.type;
    call.attempt = 1;
    call.deadline = deadline_;
    call.stop = stop_;
    const auto published = ask_published(responder, asked.type, call);
    if (!published) {
      asked.outcome = published.error().code + ": " + published.error().message;
    } else if (!published.value()) {
      asked.outcome = "not-offered";
    } else {
      for (FaceDifference& one : face_differences(version.face, *published.value())) {
        one.endpoint = asked.endpoint;
        one.type = asked.type;
        report_.differences.push_back(std::move(one));
      }
    }
  }

  const Clock& clock_;
  std::chrono::steady_clock::time_point deadline_;
  std::stop_token stop_;
  FaceReport report_{};
};

bool was_asked(const FaceAsked& one) {
  return one.outcome == "compared" || one.outcome == "not-offered";
}

Record asked_row(const FaceAsked& one) {
  Record row;
  row.set("endpoint", one.endpoint);
  row.set("type", one.type);
  row.set("version", one.version);
  row.set("outcome", one.outcome);
  return row;
}
Record difference_row(const FaceDifference& one) {
  Record row;
  row.set("endpoint", one.endpoint);
  row.set("type", one.type);
  row.set("field", one.field);
  row.set("what", one.what);
  row.set("here", one.here);
  row.set("there", one.there);
  return row;
}

}  // namespace

std::vector<FaceDifference> face_differences(const std::vector<TypeField>& ours,
                                             const std::vector<TypeField>& theirs) {
  std::vector<FaceDifference> found;
  for (const TypeField& one : ours) {
    const TypeField* there = field_named(theirs, one.name);
    if (there == nullptr) {
      found.push_back({"", "", one.name, "missing-there", one.label, ""});
      continue;
    }
    if (there->label != one.label) {
      found.push_back({"", "", one.name, "label", one.label, there->label});
    }
    if (there->required != one.required) {
      found.push_back(
          {"", "", one.name, "required", need_word(one.required), need_word(there->required)});
    }
  }
  for (const TypeField& one : theirs) {
    if (field_named(ours, one.name) == nullptr) {
      found.push_back({"", "", one.name, "missing-here", "", one.label});
    }
  }
  return found;
}

FaceReport compare_faces(const Configuration& configuration, EndpointSet& endpoints,
                         const OwnTypes& types, const Clock& clock,
                         std::chrono::steady_clock::time_point deadline, std::stop_token stop) {
  FaceRound round(clock, clock.now(), deadline, std::move(stop));
  for (const RegisteredAt& one : configuration.catalogue.registered) {
    if (one.faces.empty()) continue;
    Responder* responder = endpoints.responder(one.faces);
    for (const CertificateType& type : types.all()) round.ask(one.deliveries, responder, type);
  }
  return round.take();
}

std::size_t count_not_asked(const FaceReport& report) {
  return static_cast<std::size_t>(
      std::count_if(report.asked.begin(), report.asked.end(),
                    [](const FaceAsked& one) { return !was_asked(one); }));
}

FaceReport with_known_differences(FaceReport found, const FaceReport& before) {
  for (const FaceAsked& one : found.asked) {
    if (was_asked(one)) continue;
    std::copy_if(before.differences.begin(), before.differences.end(),
                 std::back_inserter(found.differences), [&](const FaceDifference& known) {
                   return known.endpoint == one.endpoint && known.type == one.type;
                 });
  }
  return found;
}

std::optional<FaceReport> last_faces(Store& store) {
  const auto kept = store.memory(kCatalogueSource, kFacesKey, "report");
  if (!kept || !kept.value()) return {};
  const auto sets = parse_records(*kept.value());
  if (!sets) return {};
  FaceReport report;
  for (const RecordSet& set : sets.value()) {
    for (const Record& row : set.records) {
      const auto text = [&row](const char* name) { return row.text_or_empty(name); };
      if (set.name == "when") report.when = parse_message_time(text("when")).value_or(Timestamp{});
      if (set.name == "asked") {
        report.asked.push_back({text("endpoint"), text("type"), text("version"), text("outcome")});
      }
      if (set.name == "differences") {
        report.differences.push_back({text("endpoint"), text("type"), text("field"), text("what"),
                                      text("here"), text("there")});
      }
    }
  }
  return report;
}

Result<void> keep_faces(Store& store, const FaceReport& report) {
  std::vector<RecordSet> sets{{"when", {}}, {"asked", {}}, {"differences", {}}};
  Record when;
  when.set("when", to_iso8601(report.when));
  sets[0].records.push_back(std::move(when));
  for (const FaceAsked& one : report.asked) sets[1].records.push_back(asked_row(one));
  for (const FaceDifference& one : report.differences) {
    sets[2].records.push_back(difference_row(one));
  }
  Transition transition;
  transition.memory.push_back({kCatalogueSource, kFacesKey, "report", write_records(sets)});
  return store.apply(std::move(transition));
}

}  // namespace certbridge::host
