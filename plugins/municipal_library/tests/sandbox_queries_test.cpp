// Questions over the real HTTP client to the sandbox's libraries, which share no code with us.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <set>

#include "certbridge/query.h"
#include "collector.h"
#include "library_fixture.h"
#include "queries.h"
#include "sandbox_library.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const std::string kManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/plugin.xml";
const AskedFor kAskedFor{"登记", "000111", "20260601-0001", "11411300MB1T000091", "u-7"};
const QueriedHolder kPerson{"王某", "111", "411302190101010018"};
const std::string kPersonJson = R"({"name":"王某","code":"411302190101010018","kind":"111"})";

std::string text(const json::value& value, const char* name) {
  return std::string(std::string_view(value.at(name).as_string()));
}

// One library, who asks it, and who collects into it.
class AskedLibrary : public ::testing::TestWithParam<const char*> {
 protected:
  AskedLibrary()
      : files_(::testing::TempDir() + "/offered-" + std::to_string(getpid())),
        library_(GetParam(), {"--files", files_}),
        context_(kManifest, "queries", options()) {
    lend(context_, library_);
    queries_ = make_queries(context_).value();
  }
  bool epoint() const { return std::string(GetParam()) == "epoint"; }
  std::string find_path() const {
    return epoint() ? "/epoint/rest/cert/search" : "/linewell/api/getCertData";
  }
  std::string file_path() const {
    return epoint() ? "/epoint/rest/cert/file" : "/linewell/api/getCertFile";
  }
  // What the sandbox issued to the person (or as `wish` says).
  json::array foreign(const std::string& wish) {
    const std::string said =
        library_.command("/sandbox/foreign", R"({"holders":[)" + kPersonJson + "]" + wish + "}");
    return json::parse(said).at("foreign").as_array();
  }
  Result<Message> ask(const char* type, std::string xml) {
    return asked(testing::message_of(type, kQueryMediaType, std::move(xml)));
  }
  Result<Message> asked(const Message& question) {
    auto answer = queries_->answer(question, testing::call_of("q", 30s));
    if (!answer) context_.expect_declared(answer.error());
    return answer;
  }
  std::vector<FoundCertificate> find(FindQuestion question) {
    question.asked_for = kAskedFor;
    auto answer = ask(kFindQuestion, write_find_question(question));
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    if (!answer) return {};
    return parse_find_answer(testing::body_of(answer.value())).value().found;
  }
  std::vector<FoundCertificate> by_holder(std::vector<std::string> types) {
    return find({kPerson, {}, {}, std::move(types), {}});
  }
  Result<Message> file_of(const FoundCertificate& one) {
    return ask(kFileQuestion, write_file_question({one.file, one.identifier, kAskedFor}));
  }
  std::string file_code(const FoundCertificate& one) {
    auto answer = file_of(one);
    return answer ? std::string() : answer.error().code;
  }

  std::string files_;
  SandboxLibrary library_;
  testing::FakeContext context_;
  std::unique_ptr<Responder> queries_{};

 private:
  testing::Options options() const {
    testing::Options options = library_.options();
    options["file-addresses"] =
        "http://10.1.2.3:8080/temp/ => " +
        std::string(epoint() ? "/epoint/rest/cert/temp/" : "/linewell/files/");
    return options;
  }
};

TEST_P(AskedLibrary, CertificatesOfOtherAuthorities) {
  const json::array issued = foreign("");
  ASSERT_GE(issued.size(), 4U);
  const auto found = by_holder({});
  ASSERT_EQ(found.size(), issued.size());
  std::set<std::string> types;
  for (const FoundCertificate& one : found) {
    types.insert(one.type_code);
    EXPECT_EQ(one.status, "valid");
    EXPECT_EQ(one.holders, std::vector<QueriedHolder>{kPerson});
    EXPECT_EQ(one.issued_on.size(), 10U);
    EXPECT_FALSE(one.file.empty());
    EXPECT_GE(one.fields.size(), 4U);
  }
  EXPECT_EQ(types.size(), issued.size());
  for (const json::value& one : issued) {
    const auto same = by_holder({text(one, "typeCode")});
    ASSERT_EQ(same.size(), 1U);
    EXPECT_EQ(same[0].identifier, text(one, "identifier"));
    EXPECT_EQ(same[0].number, text(one, "number"));
    std::size_t matching = 0;
    for (const auto& [name, value] : one.at("face").as_object()) {
      const FoundCertificate::Field field{std::string(std::string_view(name)),
                                          std::string(std::string_view(value.as_string()))};
      matching +=
          static_cast<std::size_t>(std::count(same[0].fields.begin(), same[0].fields.end(), field));
    }
    EXPECT_EQ(matching, one.at("face").as_object().size()) << text(one, "typeName");
  }
  EXPECT_EQ(by_holder({text(issued[0], "typeCode"), text(issued[1], "typeCode")}).size(), 2U);
  library_.expect_no_violation();
}

TEST_P(AskedLibrary, ByIdentifierAndByNumber) {
  const json::array issued = foreign("");
  const auto one = find({{}, text(issued[2], "identifier"), {}, {}, {}});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(find({{}, {}, text(issued[2], "number"), {}, {}}), one);
  EXPECT_TRUE(find({{}, {}, "nothing", {}, {}}).empty());
  EXPECT_TRUE(find({{}, "1.2.156.3005.2.nothing", {}, {}, {}}).empty());
  EXPECT_TRUE(find({QueriedHolder{"", "111", "411302190101010026"}, {}, {}, {}, {}}).empty());
  library_.expect_no_violation();
}

TEST_P(AskedLibrary, WhatWeCollectedIsFoundWithItsFile) {
  testing::FakeContext context(kManifest, "collector", library_.options());
  lend(context, library_);
  const Certificate certificate = certificate_of("0000001", 1);
  const std::string sealed = std::string("PK\x03\x04", 4) + "sealed file";
  const auto sent = make_collector(context).value()->send(issue_of(certificate, sealed),
                                                          testing::call_of("m/library", 20s));
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  const auto found = find({QueriedHolder{"", "001", kIssuerCode}, {}, {}, {}, {}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].identifier, certificate.identifier.text());
  EXPECT_EQ(found[0].number, certificate.number.raw());
  ASSERT_EQ(found[0].holders.size(), 3U);
  EXPECT_EQ(found[0].holders[0], (QueriedHolder{"𠮷某", "111", "11010519491231002X"}));
  EXPECT_EQ(found[0].issued_on, "2026-06-01");
  EXPECT_EQ(found[0].status, "valid");
  const auto file = file_of(found[0]);
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(read_all(*file.value().attachments[0].content, 1000).value(), sealed);
  library_.expect_no_violation();
}

TEST_P(AskedLibrary, States) {
  const json::array issued = foreign("");
  const std::string identifier = text(issued[0], "identifier");
  const std::pair<const char*, const char*> states[] = {
      {"lost", "lost"},
      {"cancelled", "cancelled"},
      {"expired", epoint() ? "cancelled" : "expired"},
      {"restricted", epoint() ? "valid" : "suspended"}};
  for (const auto& [state, word] : states) {
    library_.command("/sandbox/foreign",
                     R"({"identifier":")" + identifier + R"(","state":")" + state + "\"}");
    EXPECT_EQ(find({{}, identifier, {}, {}, {}})[0].status, word) << state;
  }
}

TEST_P(AskedLibrary, DataOfEveryShape) {
  const json::array issued = foreign(R"(,"types":["11100000000013127D001"])");
  const std::string identifier = text(issued[0], "identifier");
  const auto usual = find({{}, identifier, {}, {}, {}});
  ASSERT_EQ(usual.size(), 1U);
  for (const char* kind : {"data-object", "data-list", "data-text"}) {
    library_.misbehave(find_path(), kind, 1, 0);
    EXPECT_EQ(find({{}, identifier, {}, {}, {}}), usual) << kind;
  }
  for (const char* kind : {"data-empty", "data-null"}) {
    library_.misbehave(find_path(), kind, 1, 0);
    EXPECT_TRUE(find({{}, identifier, {}, {}, {}}).empty()) << kind;
  }
  library_.misbehave(file_path(), "data-text", 1, 0);
  EXPECT_TRUE(file_of(usual[0]).ok());
}

TEST_P(AskedLibrary, ALargeFileInBase64) {
  const json::array issued = foreign(R"(,"types":["11100000000013127D001"],"bytes":20000000)");
  const auto found = by_holder({});
  ASSERT_EQ(found.size(), 1U);
  const auto answer = file_of(found[0]);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const Attachment& file = answer.value().attachments.at(0);
  EXPECT_EQ(file.size, 20'000'000U);
  EXPECT_EQ(to_hex(file.digest), text(issued[0], "fileDigest"));
  EXPECT_EQ(file.name, "certificate.pdf");
  EXPECT_EQ(file.media_type, "application/pdf");
  EXPECT_EQ(to_hex(testing::sm3_of(read_all(*file.content, 30'000'000).value())),
            to_hex(file.digest));
}

TEST_P(AskedLibrary, AFileAtAnAddress) {
  const json::array issued = foreign(R"(,"types":["11100000000013127D001"],"bytes":3000000)");
  const auto found = by_holder({});
  library_.command("/sandbox/files", R"({"by":"address","base":"http://10.1.2.3:8080/temp/"})");
  const auto answer = file_of(found.at(0));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(to_hex(answer.value().attachments[0].digest), text(issued[0], "fileDigest"));
  library_.misbehave(epoint() ? "/epoint/rest/cert/temp" : "/linewell/files", "redirect", 1, 0);
  EXPECT_EQ(file_code(found[0]), "municipal.file_address");
  library_.command("/sandbox/files", R"({"by":"address","base":"http://169.254.169.254/temp/"})");
  EXPECT_EQ(file_code(found[0]), "municipal.file_address");
  library_.expect_no_violation();
}

TEST_P(AskedLibrary, FilesThatAreNot) {
  foreign(R"(,"types":["11100000000013127D001"])");
  const auto found = by_holder({});
  library_.misbehave(file_path(), "other-file", 1, 0);
  EXPECT_EQ(file_code(found.at(0)), "municipal.file_damaged");
  FoundCertificate other = found[0];
  other.file = "guess";
  EXPECT_EQ(file_code(other), "municipal.not_found");
  library_.misbehave(file_path(), "cut-answer", 1, 0);
  EXPECT_EQ(file_code(found[0]), "municipal.unreachable");
}

TEST_P(AskedLibrary, VerifiesFiles) {
  foreign(R"(,"types":["11100000000013127D001"])");
  const auto found = by_holder({});
  const auto answer = file_of(found.at(0));
  ASSERT_TRUE(answer.ok());
  const std::string bytes = read_all(*answer.value().attachments[0].content, 1'000'000).value();
  const auto verdict = [&](const std::string& file) {
    Message question =
        testing::message_of(kVerifyQuestion, kQueryMediaType, write_verify_question({kAskedFor}));
    question.attachments = {testing::attachment_of("a.pdf", "application/pdf", file)};
    auto said = asked(question);
    EXPECT_TRUE(said.ok()) << said.error().message;
    return said ? parse_verify_answer(testing::body_of(said.value())).value() : VerifyAnswer{};
  };
  EXPECT_EQ(verdict(bytes).verdict, VerifyAnswer::Verdict::kGenuine);
  EXPECT_EQ(verdict(bytes).identifier, found[0].identifier);
  EXPECT_EQ(verdict(bytes).status, "valid");
  EXPECT_EQ(verdict(bytes + "x").verdict, VerifyAnswer::Verdict::kNotGenuine);
  EXPECT_EQ(verdict("no form").verdict, VerifyAnswer::Verdict::kCannotTell);
  library_.expect_no_violation();
}

TEST_P(AskedLibrary, TheLibraryKnowsWhoAskedAndWhatFor) {
  foreign("");
  by_holder({});
  const json::value use = json::parse(library_.page("/sandbox/uses")).at("uses").as_array().back();
  EXPECT_EQ(text(use, "caller"), "certbridge");
  EXPECT_EQ(text(use, "purpose"), kAskedFor.purpose);
  EXPECT_EQ(text(use, "item"), kAskedFor.item);
  EXPECT_EQ(text(use, "basis"), kAskedFor.basis);
  EXPECT_EQ(text(use, "unit"), kAskedFor.unit);
  EXPECT_EQ(text(use, "person"), kAskedFor.person);
}

TEST_P(AskedLibrary, AnUnavailableOrSlowLibraryIsAnError) {
  foreign("");
  const auto code = [&](std::chrono::milliseconds budget) {
    const Message question = testing::message_of(
        kFindQuestion, kQueryMediaType, write_find_question({kPerson, {}, {}, {}, kAskedFor}));
    auto answer = queries_->answer(question, testing::call_of("q", budget));
    return answer ? std::string() : answer.error().code;
  };
  const std::string all = epoint() ? "/epoint/rest/cert" : "/linewell";
  library_.misbehave(all, "slow", 1, 2'000);
  EXPECT_EQ(code(200ms), "municipal.unreachable");
  library_.misbehave(all, "down", 1, 0);
  EXPECT_EQ(code(10s), "municipal.unreachable");
  library_.misbehave(all, "fail", 1, 0);
  EXPECT_EQ(code(10s), "municipal.busy");
  library_.misbehave(all, "throttle", 1, 0);
  EXPECT_EQ(code(10s), "municipal.throttled");
  library_.misbehave(all, "garble", 1, 0);
  EXPECT_EQ(code(10s), "municipal.garbled");
  EXPECT_EQ(code(10s), "");
}

INSTANTIATE_TEST_SUITE_P(Dialects, AskedLibrary, ::testing::Values("epoint", "linewell"),
                         [](const auto& dialect) { return std::string(dialect.param); });

}  // namespace
}  // namespace certbridge::municipal_library
