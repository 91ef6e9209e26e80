#include "situations.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace certbridge::host::access_test {
namespace {

const std::map<std::string, std::string>& codes() {
  static const std::map<std::string, std::string> codes{{"title", "11100000MB03271699001"},
                                                        {"proof", "11100000MB03271699022"},
                                                        {"id-card", "11100000000013127D001"},
                                                        {"licence", "11100000000019268D006"},
                                                        {"barred", "11100000000013338W999"},
                                                        {"centre", "12411300MB1234567G"},
                                                        {"other-unit", "12411300MB1234568K"},
                                                        {"barred-unit", "11411300MB7654321G"},
                                                        {"none", ""}};
  return codes;
}

std::string code_named(const std::string& word) {
  const auto found = codes().find(word);
  return found == codes().end() ? word : found->second;
}

const std::map<std::string, QueriedHolder>& people() {
  static const std::map<std::string, QueriedHolder> people{
      {"zhang", {"张三", "111", "41130219800101001X"}},
      {"zhang-blank", {"张 三", "111", "41130219800101001x"}},
      {"zhang-15", {"张三", "111", "411302800101001"}},
      {"zhang-misnamed", {"张山", "111", "41130219800101001X"}},
      {"zhang-nameless", {"", "111", "41130219800101001X"}},
      {"zhang-typeless", {"张三", "", "41130219800101001X"}},
      {"zhang-passport", {"张三", "414", "41130219800101001X"}},
      {"codeless", {"张三", "111", ""}},
      {"li", {"李四", "111", "411302198505050023"}},
      {"wang", {"王五", "111", "41130220100601003X"}},
      {"firm", {"宛城置业有限公司", "001", "12411300MB55555514"}},
  };
  return people;
}

using Setter = std::function<void(Situation&, const std::string&)>;

bool is_yes(const std::string& value) { return value == "yes"; }

std::vector<std::string> list(const std::string& value) {
  if (value == "none") return {};
  return split_at(value, ',');
}

std::vector<std::string> type_list(const std::string& value) {
  std::vector<std::string> types = list(value);
  for (std::string& type : types) type = code_named(type);
  return types;
}

std::optional<QueriedHolder> maybe_holder(const std::string& value) {
  if (value == "none") return {};
  return holder_named(value);
}

AssertedPerson& person(Situation& it) { return it.request.caller.person.value(); }
CaseFacts& facts(Situation& it) { return it.facts.case_facts.value(); }

// "staff/chen", or none.
void set_person(Situation& it, const std::string& value) {
  if (value == "none") {
    it.request.caller.person.reset();
    return;
  }
  const auto parts = split_at(value, '/');
  person(it).issuer = parts.at(0);
  person(it).id = parts.size() < 2 ? "" : parts.at(1);
}

// "agent:wang"
CaseParty party_of(const std::string& text) {
  const auto parts = split_at(text, ':');
  return {party_role(parts.at(0)).value(), holder_named(parts.at(1))};
}

void set_uses(Situation& it, const std::string& value) {
  it.facts.uses_known = value != "unknown";
  if (it.facts.uses_known) it.facts.uses = std::stoull(value);
}

const std::map<std::string, Setter>& of_the_request() {
  using S = Situation;
  using T = const std::string;
  static const std::map<std::string, Setter> setters{
      {"kind", [](S& it, T& to) { it.request.kind = access_kind(to).value(); }},
      {"system", [](S& it, T& to) { it.request.caller.system = to; }},
      {"unit", [](S& it, T& to) { it.request.caller.unit = code_named(to); }},
      {"person", &set_person},
      {"person-unit", [](S& it, T& to) { person(it).unit = code_named(to); }},
      {"level", [](S& it, T& to) { person(it).level = code_named(to); }},
      {"roles", [](S& it, T& to) { person(it).roles = list(to); }},
      {"himself", [](S& it, T& to) { person(it).himself = maybe_holder(to); }},
      {"role", [](S& it, T& to) { it.request.role = code_named(to); }},
      {"by", [](S& it, T& to) { it.request.ground_kind = code_named(to); }},
      {"ground", [](S& it, T& to) { it.request.ground = code_named(to); }},
      {"provisional", [](S& it, T& to) { it.request.provisional = is_yes(to); }},
      {"authorisation", [](S& it, T& to) { it.request.authorisation = code_named(to); }},
      {"purpose", [](S& it, T& to) { it.request.purpose = code_named(to); }},
      {"holder", [](S& it, T& to) { it.request.holder = maybe_holder(to); }},
      {"identifier", [](S& it, T& to) { it.request.identifier = code_named(to); }},
      {"number", [](S& it, T& to) { it.request.number = code_named(to); }},
      {"types", [](S& it, T& to) { it.request.types = type_list(to); }},
      {"original", [](S& it, T& to) { it.request.original_file = is_yes(to); }},
      {"when", [](S& it, T& to) { it.request.when = time_of(to); }},
  };
  return setters;
}

const std::map<std::string, Setter>& of_the_facts() {
  using S = Situation;
  using T = const std::string;
  static const std::map<std::string, Setter> setters{
      {"trouble", [](S& it, T& to) { it.facts.case_trouble = to; }},
      {"uses", &set_uses},
      {"case", [](S& it, T&) { it.facts.case_facts.reset(); }},
      {"case-known", [](S& it, T& to) { facts(it).known = is_yes(to); }},
      {"case-no", [](S& it, T& to) { facts(it).case_no = code_named(to); }},
      {"provisional-no", [](S& it, T& to) { facts(it).provisional_no = code_named(to); }},
      {"case-provisional", [](S& it, T& to) { facts(it).provisional = is_yes(to); }},
      {"case-open", [](S& it, T& to) { facts(it).open = is_yes(to); }},
      {"case-started", [](S& it, T& to) { facts(it).started = time_of(to); }},
      {"case-unit", [](S& it, T& to) { facts(it).unit = code_named(to); }},
      {"handlers", [](S& it, T& to) { facts(it).handlers = list(to); }},
      {"materials", [](S& it, T& to) { facts(it).materials = type_list(to); }},
      {"parties",
       [](S& it, T& to) {
         facts(it).parties.clear();
         for (T& one : list(to)) facts(it).parties.push_back(party_of(one));
       }},
      {"note-length", [](S& it, T& to) { facts(it).item = std::string(std::stoul(to), 'i'); }},
      {"many-parties",
       [](S& it, T& to) {
         const auto wanted = facts(it).parties.size() + std::stoul(to);
         for (std::size_t i = facts(it).parties.size(); i < wanted; ++i) {
           const QueriedHolder who{"住户" + std::to_string(i), "999", "N" + std::to_string(i)};
           facts(it).parties.push_back({PartyRole::kHolder, who});
         }
       }},
      {"many-materials",
       [](S& it, T& to) { facts(it).materials.resize(std::stoul(to), "11100000MB03271699001"); }},
  };
  return setters;
}

Situation by_a_person(const std::string& ground, const std::string& number,
                      const std::string& purpose) {
  Situation it;
  it.request.caller = {
      "window", code_named("centre"),
      AssertedPerson{"staff", "chen", "ukey", {"clerk"}, code_named("centre"), {}}};
  it.request.role = "clerk";
  it.request.ground_kind = ground;
  it.request.ground = number;
  it.request.purpose = purpose;
  it.request.holder = holder_named("zhang");
  it.request.when = time_of("2026-11-27T02:00:00Z");  // a Friday, ten o'clock in Beijing
  return it;
}

void add_case(Situation& it, const std::string& role_of_zhang) {
  CaseFacts case_facts;
  case_facts.known = case_facts.open = true;
  case_facts.case_no = "2026-0042";
  case_facts.started = time_of("2026-11-27T01:50:00Z");
  case_facts.area = "411302";
  case_facts.unit = code_named("centre");
  case_facts.item = "item-1";
  case_facts.handlers = {"wu", "chen"};
  case_facts.materials = {type_named("title"), type_named("id-card")};
  case_facts.parties = {party_of(role_of_zhang + ":zhang"), party_of("agent:wang"),
                        party_of("applicant:firm")};
  it.facts.case_facts = case_facts;
}

Situation by_case(const std::string& ground, const std::string& role_of_zhang) {
  Situation it = by_a_person(ground, "2026-0042", "registration");
  add_case(it, role_of_zhang);
  return it;
}

}  // namespace

Situation changed(Situation situation, const std::string& changes) {
  if (changes.empty()) return situation;
  for (const std::string& one : split_at(changes, ';')) change(situation, one);
  return situation;
}

Situation situation(const std::string& name) {
  static const std::map<std::string, Situation> situations{
      {"case", by_case("case", "holder")},
      {"provisional", changed(by_case("case", "holder"),
                              "ground=P-7; provisional=yes; case-no=none; provisional-no=P-7; "
                              "case-provisional=yes")},
      {"check", changed(by_case("case-check", "holder"),
                        "person=none; role=none; system=registration; kind=availability")},
      {"any-case", changed(by_case("case-any", "obligor"), "case-open=no")},
      {"objection", changed(by_a_person("objection", "异(2026)12", "review"),
                            "role=reviewer; roles=reviewer; types=title; holder=none; number=N-1")},
      {"inspection", changed(by_a_person("inspection", "检查〔2026〕3号", "review"),
                             "role=inspector; roles=inspector")},
      {"court", by_a_person("court", "(2026)豫1302执88号", "archive")},
      {"archive",
       changed(by_a_person("archive", "档补(2026)5号", "archive"), "authorisation=SQ-1")},
      {"holder", changed(by_a_person("holder", "", "own"),
                         "system=hall; person=citizens/u-9; level=face; roles=none; role=none; "
                         "person-unit=none; himself=zhang")},
      {"duty", changed(by_a_person("operation", "complaint 7", "review"),
                       "system=certbridge; unit=none; person=operate/liu; roles=operator; "
                       "role=operator; level=none; person-unit=none; kind=display")},
  };
  return situations.at(name);
}

void change(Situation& situation, const std::string& what) {
  const auto equals = what.find('=');
  if (equals == std::string::npos) throw std::out_of_range("no change: " + what);
  const std::string key = what.substr(0, equals), value = what.substr(equals + 1);
  const auto found = of_the_request().find(key);
  (found != of_the_request().end() ? found->second : of_the_facts().at(key))(situation, value);
}

std::vector<std::string> split_at(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto until = std::min(text.find(separator, from), text.size());
    const auto first = text.find_first_not_of(' ', from);
    const auto last = text.find_last_not_of(' ', until == 0 ? 0 : until - 1);
    const bool blank = first == std::string::npos || first >= until;
    parts.push_back(blank ? "" : text.substr(first, last - first + 1));
    from = until + 1;
  }
  return parts;
}

std::string type_named(const std::string& word) { return code_named(word); }
QueriedHolder holder_named(const std::string& word) { return people().at(word); }

std::string text_of_file(const std::string& path) {
  std::ifstream stream(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path, std::ios::binary);
  if (!stream) throw std::runtime_error("no file " + path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Timestamp time_of(const std::string& text) { return parse_message_time(text).value(); }

}  // namespace certbridge::host::access_test
