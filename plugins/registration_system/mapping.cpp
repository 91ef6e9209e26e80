#include "mapping.h"

#include <algorithm>
#include <initializer_list>

#include "certbridge/text.h"
#include "certbridge/xml.h"
#include "mapping_fields.h"

namespace certbridge::registration {
namespace {

constexpr const char* kNamespace = "urn:certbridge:registration-mapping:1";

class MappingReader {
 public:
  explicit MappingReader(std::string file) : file_(std::move(file)) {}

  Result<Mapping> read(const XmlElement& root) {
    if (root.name != "mapping" || root.name_space != kNamespace) {
      refuse(root, std::string("the root must be <mapping> of ") + kNamespace);
    }
    mapping_.name = need(root, "name");
    mapping_.group = need(root, "group");
    mapping_.parameter = need(root, "parameter");
    mapping_.issued_from = need(root, "issued-from");
    mapping_.term_ends = root.attribute_or_empty("term-ends");
    check_right_field(root, mapping_.term_ends);
    for (const XmlElement& child : root.children) read_child(child);
    check_sets(root);
    if (mapping_.sentence({}, {}).empty()) refuse(root, "there is no <sentence code=\"*\">");
    if (error_) return *error_;
    return std::move(mapping_);
  }

 private:
  void refuse(const XmlElement& at, const std::string& reason) {
    if (error_) return;
    error_ = Error::fault("registration.mapping", file_ + ":" + std::to_string(at.line) + ":" +
                                                      std::to_string(at.column) + ": " +
                                                      shortened(reason));
  }
  std::string need(const XmlElement& element, std::string_view name) {
    const XmlAttribute* found = element.attribute(name);
    if (found != nullptr && !found->value.empty()) return found->value;
    refuse(element, "<" + element.name + "> needs the attribute `" + std::string(name) + "`");
    return {};
  }
  static std::string or_any(const XmlElement& element, std::string_view name) {
    const XmlAttribute* found = element.attribute(name);
    return found == nullptr ? "*" : found->value;
  }

  void read_child(const XmlElement& child) {
    if (child.name == "placeholder") {
      mapping_.placeholders.push_back(need(child, "value"));
    } else if (child.name == "table") {
      read_table(child);
    } else if (child.name == "set") {
      read_set(child, mapping_.sets);
    } else if (child.name == "books") {
      read_books(child);
    } else if (child.name == "cases") {
      read_cases(child);
    } else if (child.name == "event") {
      read_event(child);
    } else if (child.name == "change") {
      read_change(child);
    } else if (child.name == "earlier-case") {
      mapping_.earlier_case = {need(child, "group"), need(child, "parameter"),
                               need(child, "header"), need(child, "query"), need(child, "column")};
    } else if (child.name == "face") {
      read_face(child);
    } else if (child.name == "sentence") {
      mapping_.sentences.emplace_back(need(child, "code"), child.text);
    } else {
      refuse(child, "unknown element <" + child.name + ">");
    }
  }
  void read_table(const XmlElement& element) {
    CodeTable& table = mapping_.tables[need(element, "name")];
    for (const XmlElement& code : element.children) {
      const XmlAttribute* value = code.attribute("means");
      if (value == nullptr) refuse(code, "<code> needs the attribute `means`");
      if (value != nullptr && !table.emplace(need(code, "value"), value->value).second) {
        refuse(code, "this code stands twice in the table");
      }
    }
  }
  void read_books(const XmlElement& element) {
    mapping_.books_group = need(element, "group");
    for (const XmlElement& set : element.children) read_set(set, mapping_.books_sets);
    need_sets(element, mapping_.books_sets, {"booked-cases", "booked-certificates"});
  }
  void read_cases(const XmlElement& element) {
    mapping_.cases_group = need(element, "group");
    for (const XmlElement& set : element.children) read_set(set, mapping_.cases_sets);
    need_sets(element, mapping_.cases_sets, {"asked-case", "asked-handlers", "asked-parties"});
    cases_ = &element;
  }
  void need_sets(const XmlElement& at, const std::vector<SetMapping>& sets,
                 std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      const bool found = std::any_of(sets.begin(), sets.end(),
                                     [&](const SetMapping& set) { return set.name == name; });
      if (!found) refuse(at, "there is no set `" + std::string(name) + "`");
    }
  }
  // Sets of the books and of cases stand in their own element, all others in the root.
  std::vector<SetMapping>* home_of(const std::string& set_name) {
    if (set_name.starts_with("booked-")) return &mapping_.books_sets;
    if (set_name.starts_with("asked-")) return &mapping_.cases_sets;
    return &mapping_.sets;
  }
  void read_set(const XmlElement& element, std::vector<SetMapping>& into) {
    SetMapping set;
    set.name = need(element, "name");
    set.query = need(element, "query");
    set.called = element.attribute_or_empty("called");
    if (set.called.empty()) set.called = set.query;
    const auto known = known_fields().find(set.name);
    if (known == known_fields().end() || &into != home_of(set.name)) {
      return refuse(element, "unknown set `" + set.name + "`");
    }
    for (const XmlElement& child : element.children) {
      FieldMapping field;
      field.field = need(child, "name");
      field.column = need(child, "column");
      field.table = child.attribute_or_empty("table");
      field.fallback = child.attribute_or_empty("default");
      field.required = child.attribute_or_empty("required") == "yes";
      field.no_blanks = child.attribute_or_empty("blanks") == "remove";
      field.until = child.attribute_or_empty("until");
      if (!known->second.contains(field.field)) {
        refuse(child, "set `" + set.name + "` has no field `" + field.field + "`");
      }
      if (!field.table.empty()) tables_used_.emplace_back(field.table, &child);
      set.fields.push_back(std::move(field));
    }
    into.push_back(std::move(set));
  }
  void read_event(const XmlElement& element) {
    EventRule rule{need(element, "type"),       or_any(element, "registration"),
                   or_any(element, "sub-type"), or_any(element, "right"),
                   EventAction::kNone,          {}};
    const std::string action = need(element, "action");
    const auto life = life_event_kind_of(action);
    if (action == "title") {
      rule.action = EventAction::kTitle;
    } else if (action == "proof") {
      rule.action = EventAction::kProof;
    } else if (life && is_of_the_book(*life)) {
      rule.action = EventAction::kLife;
      rule.life = read_life(element, *life);
    } else if (action == "change") {
      rule.action = EventAction::kChange;
    } else if (action != "none") {
      refuse(element,
             "`action` is title, proof, none, change, restrict, release, lose, cancel, revoke, "
             "abolish or void");
    }
    mapping_.events.push_back(std::move(rule));
  }
  // The others are told by libraries and by the clock.
  static bool is_of_the_book(LifeEventKind kind) {
    return kind != LifeEventKind::kCollected && kind != LifeEventKind::kReissued &&
           kind != LifeEventKind::kRejected && kind != LifeEventKind::kExpire;
  }
  LifeRule read_life(const XmlElement& element, LifeEventKind kind) {
    LifeRule life;
    life.event = kind;
    life.reason = element.attribute_or_empty("reason");
    const std::string restriction = element.attribute_or_empty("restriction");
    life.restriction = restriction_kind_of(restriction);
    const bool needs = kind == LifeEventKind::kRestrict || kind == LifeEventKind::kRelease;
    if (needs != life.restriction.has_value() || (!needs && !restriction.empty())) {
      refuse(element,
             "`restriction` is seizure, objection, limitation, suspension or mortgage, and stands "
             "with restrict and release only");
    }
    life.on = read_on(element);
    return life;
  }
  LifeRule::On read_on(const XmlElement& element) {
    const std::string on = element.attribute_or_empty("on");
    if (on == "title") return LifeRule::On::kTitle;
    if (on == "proof") return LifeRule::On::kProof;
    if (!on.empty()) refuse(element, "`on` is title or proof");
    return LifeRule::On::kBoth;
  }
  void read_change(const XmlElement& element) {
    ChangeRule rule{or_any(element, "registration"), or_any(element, "sub-type"),
                    or_any(element, "right"),        read_on(element),
                    ChangeRule::Earlier::kStay,      element.attribute_or_empty("reason")};
    const std::string earlier = need(element, "earlier");
    if (earlier == "at-booking") rule.earlier = ChangeRule::Earlier::kAtBooking;
    if (earlier == "after-collection") rule.earlier = ChangeRule::Earlier::kAfterCollection;
    if (earlier != to_text(rule.earlier)) {
      refuse(element, "`earlier` is stay, at-booking or after-collection");
    }
    mapping_.changes.push_back(std::move(rule));
  }
  void read_face(const XmlElement& element) {
    FaceRule rule;
    rule.key = need(element, "key");
    const std::string on = element.attribute_or_empty("on");
    rule.on_title = on != "proof";
    rule.on_proof = on != "title";
    rule.from = element.attribute_or_empty("from");
    rule.join = element.attribute_or_empty("join");
    for (const XmlElement& line : element.children) rule.lines.push_back(line_of(line));
    if (rule.from.empty() && rule.lines.empty()) refuse(element, "give `from` or lines");
    check_right_field(element, rule.from);
    mapping_.face.push_back(std::move(rule));
  }
  FaceLine line_of(const XmlElement& element) {
    FaceLine line;
    if (element.name != "line") refuse(element, "<face> has only <line>");
    line.label = element.attribute_or_empty("label");
    line.label_from = element.attribute_or_empty("label-from");
    line.from = need(element, "from");
    line.to = element.attribute_or_empty("to");
    line.unit = element.attribute_or_empty("unit");
    if (element.attribute("begins") != nullptr) line.begins = need(element, "begins");
    if (element.attribute("ends") != nullptr) line.ends = need(element, "ends");
    const std::string form = element.attribute_or_empty("as");
    if (form == "day") line.form = LineForm::kDay;
    if (form == "period") line.form = LineForm::kPeriod;
    if (!form.empty() && form != "text" && line.form == LineForm::kText)
      refuse(element, "`as` is text, day or period");
    if ((line.form == LineForm::kPeriod) == line.to.empty())
      refuse(element, "a period, and nothing else, has `to`");
    for (const std::string& field : {line.from, line.to, line.label_from})
      check_right_field(element, field);
    return line;
  }
  void check_right_field(const XmlElement& at, const std::string& field) {
    if (!field.empty() && !known_fields().at("rights").contains(field))
      refuse(at, "set `rights` has no field `" + field + "`");
  }
  void check_sets(const XmlElement& root) {
    for (const char* name : {"certificates", "items", "rights", "parties"}) {
      if (mapping_.set(name) == nullptr)
        refuse(root, std::string("the set `") + name + "` is missing");
    }
    for (const auto& [table, element] : tables_used_) {
      if (!mapping_.tables.contains(table)) refuse(*element, "there is no table `" + table + "`");
    }
    if (cases_ == nullptr) return;
    const std::string trouble = trouble_with_cases(mapping_);
    if (!trouble.empty()) refuse(*cases_, trouble);
  }

  std::string file_;
  Mapping mapping_{};
  std::vector<std::pair<std::string, const XmlElement*>> tables_used_{};
  const XmlElement* cases_ = nullptr;
  std::optional<Error> error_{};
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view xml, const std::string& file) {
  auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return Error::fault("registration.mapping", root.error().message);
  return MappingReader(file).read(root.value());
}

}  // namespace certbridge::registration
