#include "dialect_reader.h"
#include "values.h"

namespace certbridge::municipal_library {
namespace {

using Verdict = VerifyAnswer::Verdict;
const Words<Verdict> kVerdicts{{"genuine", Verdict::kGenuine},
                               {"not-genuine", Verdict::kNotGenuine},
                               {"cannot-tell", Verdict::kCannotTell}};
const Words<RemoteCall AskRule::*> kAskedBy{{"holder", &AskRule::by_holder},
                                            {"identifier", &AskRule::by_identifier},
                                            {"number", &AskRule::by_number}};
// Members of an entry that may have a name.
const Words<std::string FoundRule::*> kMembers{{"number", &FoundRule::number},
                                               {"type-code", &FoundRule::type_code},
                                               {"type-name", &FoundRule::type_name},
                                               {"version", &FoundRule::version},
                                               {"issuer-code", &FoundRule::issuer_code},
                                               {"issuer-name", &FoundRule::issuer_name},
                                               {"holder-name", &FoundRule::holder_name},
                                               {"holder-code", &FoundRule::holder_code},
                                               {"holder-type", &FoundRule::holder_type},
                                               {"issued-on", &FoundRule::issued_on},
                                               {"effective-from", &FoundRule::effective_from},
                                               {"expires-on", &FoundRule::expires_on},
                                               {"open-end", &FoundRule::open_end},
                                               {"state", &FoundRule::state},
                                               {"replaced", &FoundRule::replaced},
                                               {"file", &FoundRule::file},
                                               {"as-of", &FoundRule::as_of},
                                               {"face", &FoundRule::face}};

void read_asking_call(DialectReader& reader, const XmlElement& part, RemoteCall& into,
                      bool sends_file) {
  std::set<std::string> carried;
  if (!into.path.empty()) reader.fail(part, "there is one call");
  into = reader.read_call(part, carried);
  reader.check_sources(
      part, into,
      [&](std::string_view from) {
        return is_asked_source(from) || (sends_file && from.starts_with("file."));
      },
      "has only what is asked and for whom");
}

void read_find(DialectReader& reader, const XmlElement& element, AskRule& into) {
  RemoteCall& call = into.*reader.word(element, "by", kAskedBy);
  for (const XmlElement& part : element.children) read_asking_call(reader, part, call, false);
  if (call.path.empty()) reader.fail(element, "it needs a call");
  if (element.attribute_or_empty("listed-only") == "yes") into.listed_only = true;
}

void read_found(DialectReader& reader, const XmlElement& element, FoundRule& into) {
  into.list = reader.needed(element, "list");
  into.identifier = reader.needed(element, "identifier");
  for (const auto& [name, member] : kMembers)
    into.*member = element.attribute_or_empty(name.c_str());
}

void read_file(DialectReader& reader, const XmlElement& element, AskedFileRule& into) {
  into.content = reader.needed(element, "content");
  into.kind = reader.needed(element, "kind");
  into.base64 = reader.needed(element, "base64");
  into.address = element.attribute_or_empty("address");
  into.digest = element.attribute_or_empty("digest");
  into.identifier = element.attribute_or_empty("identifier");
  for (const XmlElement& part : element.children) read_asking_call(reader, part, into.call, false);
  if (into.call.path.empty()) reader.fail(element, "it needs a call");
}

void read_verify(DialectReader& reader, const XmlElement& element, AskedVerdictRule& into) {
  into.result = reader.needed(element, "result");
  into.identifier = element.attribute_or_empty("identifier");
  into.state = element.attribute_or_empty("state");
  for (const XmlElement& part : element.children) {
    if (part.name == "verdict") {
      reader.once(part, into.verdicts, reader.needed(part, "value"),
                  reader.word(part, "means", kVerdicts));
    } else {
      read_asking_call(reader, part, into.call, true);
    }
  }
  if (into.call.path.empty() || into.verdicts.empty()) {
    reader.fail(element, "it needs a call and verdicts");
  }
}

}  // namespace

void read_ask(DialectReader& reader, const XmlElement& element, AskRule& into) {
  for (const XmlElement& part : element.children) {
    if (part.name == "purpose") {
      reader.once(part, into.purposes, reader.needed(part, "from"), reader.needed(part, "to"));
    } else if (part.name == "find") {
      read_find(reader, part, into);
    } else if (part.name == "found") {
      read_found(reader, part, into.found);
    } else if (part.name == "file") {
      read_file(reader, part, into.file);
    } else if (part.name == "verify") {
      read_verify(reader, part, into.verdict);
    } else {
      reader.fail_unknown(part);
    }
  }
  if (into.found.list.empty()) reader.fail(element, "it needs what is found");
  if (into.listed_only && into.by_identifier.path.empty()) {
    reader.fail(element, "what is listed only needs a call by identifier");
  }
}

}  // namespace certbridge::municipal_library
