// The mapping file: how one vendor's rows become certificates. Another vendor is another file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/life.h"
#include "certbridge/result.h"

namespace certbridge::registration {

using CodeTable = std::map<std::string, std::string, std::less<>>;

// Where one field comes from, and how its text is cleaned.
struct FieldMapping {
  std::string field{};     // our name: "location"
  std::string column{};    // theirs: "zl"
  std::string table{};     // code table, or empty
  std::string fallback{};  // when the row has nothing
  bool required = false;   // nothing there: the record is not complete yet
  bool no_blanks = false;  // remove all white space (unit codes)
  std::string until{};     // keep only what stands before this text, or empty
};

// One set of rows: ours ("certificates"), theirs (the query's name), and its fields.
struct SetMapping {
  std::string name{};
  std::string query{};
  std::string called{};  // as people know it: "mw_case_party"; otherwise the query's name
  std::vector<FieldMapping> fields{};
};

enum class EventAction : std::uint8_t {
  kTitle = 1,
  kProof = 2,
  kNone = 3,
  kLife = 4,
  kChange = 5,  // booked: what becomes of the earlier certificates says the table of changes
};

// What an event of the register book is in the life of the certificates that it names.
struct LifeRule {
  enum class On : std::uint8_t { kBoth = 1, kTitle = 2, kProof = 3 };
  LifeEventKind event = LifeEventKind::kRestrict;
  std::optional<RestrictionKind> restriction{};  // of restrict and release
  std::string reason{};                          // as counterparts are told it; may be empty
  On on = On::kBoth;
};

// "*" matches everything; the first rule that matches counts.
struct EventRule {
  std::string event{};
  std::string registration_type{};
  std::string sub_type{};
  std::string right_type{};
  EventAction action = EventAction::kNone;
  LifeRule life{};  // of kLife
};

// What becomes of the earlier certificates of a case that makes new ones; one row of the table of
// changes. "*" matches everything; the first row that matches counts.
struct ChangeRule {
  enum class Earlier : std::uint8_t {
    kStay = 1,             // nothing
    kAtBooking = 2,        // the right has passed or ended: cancelled when it is booked
    kAfterCollection = 3,  // a replacement for the same holder: cancelled once the new is collected
  };
  std::string registration_type{};
  std::string sub_type{};
  std::string right_type{};
  LifeRule::On on = LifeRule::On::kBoth;  // earlier ones of this kind
  Earlier earlier = Earlier::kStay;
  std::string reason{};
};
std::string to_text(ChangeRule::Earlier earlier);  // "stay", "at-booking", "after-collection"

// Where the certificates of the case before are found when a right names none.
struct EarlierCase {
  std::string group{};      // the snapshot that is asked for; empty: nothing is asked
  std::string parameter{};  // its parameter: the earlier right's id
  std::string header{};     // of the event, with that id
  std::string query{};      // in the answer
  std::string column{};     // the number
};

enum class LineForm : std::uint8_t { kText = 1, kDay = 2, kPeriod = 3 };

// One line of a face item. It is left out when its fields have nothing.
struct FaceLine {
  std::string label{};       // "房屋结构："
  std::string label_from{};  // field of `rights` whose text stands before the label, or empty
  std::string from{};        // field of `rights`; of a period, its first day
  std::string to{};          // of a period, its last day
  LineForm form = LineForm::kText;
  std::string unit{};        // behind a text
  std::string begins{"起"};  // behind the first day of a period
  std::string ends{"止"};    // behind the last day of a period
};

// One item of the certificate's face (KZ_...): a field of its rights, or lines put together.
struct FaceRule {
  std::string key{};
  bool on_title = true;
  bool on_proof = true;
  std::string from{};             // field of `rights`; with lines: printed instead of them
  std::vector<FaceLine> lines{};  // one under the other
  std::string join{};             // between the distinct values of several rights
};

struct Mapping {
  std::string name{};
  std::string group{};        // the snapshot that is asked for
  std::string parameter{};    // its parameter: the case number
  std::string issued_from{};  // field of `rights` or `certificates` with the day of issue
  std::vector<std::string> placeholders{};
  std::map<std::string, CodeTable, std::less<>> tables{};
  std::vector<SetMapping> sets{};
  // What answers which cases were booked on a day; empty: the vendor's tables cannot tell.
  std::string books_group{};
  std::vector<SetMapping> books_sets{};
  // What answers how a case stands; empty: the vendor's tables cannot tell.
  std::string cases_group{};
  std::vector<SetMapping> cases_sets{};
  std::vector<EventRule> events{};
  std::vector<ChangeRule> changes{};
  EarlierCase earlier_case{};
  std::string term_ends{};  // field of `rights` with the last day of its term, or empty
  std::vector<FaceRule> face{};
  std::vector<std::pair<std::string, std::string>> sentences{};  // code prefix and sentence

  const SetMapping* set(std::string_view set_name) const;
  // What the event asks for; none when no rule covers the combination.
  std::optional<EventAction> action(const std::string& event, const std::string& registration_type,
                                    const std::string& sub_type,
                                    const std::string& right_type) const;
  // Of an event whose action is kLife: its rules, for titles and proofs, in their order.
  std::vector<LifeRule> life_rules(const std::string& event, const std::string& registration_type,
                                   const std::string& sub_type,
                                   const std::string& right_type) const;
  // What becomes of the earlier titles, or proofs, of such a case.
  ChangeRule change(const std::string& registration_type, const std::string& sub_type,
                    const std::string& right_type, bool proof) const;
  // The sentence for a clerk, of the longest code prefix that matches. `field`
  // ("mw_case_right.djsj") takes the place of {field} in it.
  std::string sentence(const std::string& code, const std::string& field) const;
};

// Reads urn:certbridge:registration-mapping:1. Refuses unknown sets, fields, tables and actions,
// and a file without a sentence for `*`, with "registration.mapping" (a fault: the set-up is
// wrong), naming line and column.
Result<Mapping> parse_mapping(std::string_view xml, const std::string& file);

}  // namespace certbridge::registration
