// A configuration after it was read and validated: plain values with the place they came from.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/delivery_order.h"
#include "certbridge/issuer.h"
#include "certbridge/life.h"
#include "certbridge/validation.h"
#include "config/access_config.h"
#include "config/archive_config.h"
#include "config/catalogue_config.h"
#include "config/delivery_policy.h"
#include "config/place.h"
#include "config/queries_config.h"
#include "config/reconcile_config.h"
#include "config/upward_config.h"

namespace certbridge::host {

struct OptionValue {
  std::string name{};
  std::string value{};  // normalised: durations in ms, sizes in bytes, files absolute
  Place place{};
};

struct LentEndpoint {
  std::string role{};
  std::string endpoint{};
  Place place{};
};

// What the engine does with an endpoint that cannot tell whether it has a message.
enum class UnknownPolicy : std::uint8_t { kConfirm = 1, kResend = 2, kPark = 3 };

struct RetryPolicy {
  std::chrono::milliseconds first{1000};
  double factor = 2.0;
  std::chrono::milliseconds most{300'000};
  double jitter = 0.2;  // share of the delay, either way
  int attempts = 50;    // then parked
};

struct EndpointConfig {
  std::string name{};
  std::string plugin{};
  std::string kind{};
  std::string environment{};
  std::vector<OptionValue> options{};
  std::vector<LentEndpoint> lent{};
  int workers = 4;                                // calls at once
  int queue = 256;                                // deliveries in memory at once
  std::chrono::milliseconds timeout{30'000};      // deadline of one call
  std::chrono::milliseconds settle_time{30'000};  // absent is believed only after this
  std::optional<DeliveryOrder> order{};           // none: what its sink says, else settled
  UnknownPolicy unknown = UnknownPolicy::kConfirm;
  int faults_until_down = 5;
  DeliveryPolicy delivery{};  // of a sink
  bool delivery_is_given = false;
  std::vector<std::string> repairable{};  // headers, from the manifest: routing, not content
  // Codes, from the manifest, by which a sink says that its counterpart has taken nothing.
  std::set<std::string> refusals{};
  Place place{};
};

enum class StepKind : std::uint8_t {
  kFilter = 1,    // goes on only when the condition holds; otherwise the message is done
  kChoose = 2,    // the first branch whose condition holds; `otherwise` has an empty condition
  kValidate = 3,  // host step: rules of certbridge/validation.h
  kProcess = 4,   // a processor endpoint
  kCall = 5,      // asks a responder and puts its answer's headers, under a prefix, on the message
  kDeliver = 6,
  kReview = 8,        // waits for a person with role reviewer, without blocking others
  kLife = 9,          // applies an event to the register of certificates
  kTypeVersion = 10,  // binds the certificate to a version of its type
  kWithdraw = 7,      // withdraws what is not sent of the key, and hands on what is as `type`
};

enum class ConditionScope : std::uint8_t { kEnvelope = 1, kCertificate = 2 };
struct ConditionText {
  std::string text{};  // empty: always
  ConditionScope scope = ConditionScope::kEnvelope;
  Place place{};
};

struct Step;
struct Branch {
  ConditionText when{};
  std::vector<Step> steps;  // no initialiser: Step is not complete here
};
struct Step {
  StepKind kind = StepKind::kProcess;
  std::string name{};                  // unique in the route: given, or made from kind and endpoint
  std::string endpoint{};              // process, call, deliver
  ConditionText when{};                // filter; review: which ones
  double share = 1.0;                  // review: of those, chosen by digest
  std::vector<Branch> branches{};      // choose
  std::string rules_file{};            // validate: absolute path
  std::string query{};                 // call: question type
  std::string prefix{};                // call: of the headers set
  std::vector<std::string> after{};    // deliver
  std::optional<RetryPolicy> retry{};  // deliver
  std::string key_kind{};              // withdraw: "case"
  std::string withdraw_type{};  // withdraw: message type for what was sent, "certificate.void"
  // withdraw: message type for what a route beside others told a counterpart; empty: nothing of it
  std::string reported_type{};
  std::string collected_by{};   // life: the delivery after which the certificate is valid
  bool outside_effect = false;  // process: result is made durable under its step key
  bool gives_verdict = false;   // process: the plugin's manifest says verdict="seal"
  Place place{};
};

struct RouteConfig {
  std::string name{};
  std::vector<std::string> from{};  // source endpoints
  // Takes what it takes beside the route that takes it otherwise: as a message of its own.
  bool beside = false;
  ConditionText when{};  // which of the source's messages; the first route in file order takes it
  std::string lane{"live"};  // "revocation", "live" or "bulk": which of what may go goes first
  std::vector<Step> steps{};
  std::chrono::milliseconds incomplete_retry{5'000};
  std::chrono::milliseconds incomplete_limit{86'400'000};  // then parked
  // Kind of order key; when given, also parked once nothing earlier of that key is under way.
  std::string incomplete_while{};
  std::string incomplete_code{};  // the error for which incomplete_while counts; empty: any
  std::string report_refusal{};   // endpoint that is told of parked messages; may be empty
  // Kind of order key; when given, an event that comes through supersedes earlier parked ones of
  // this route that share it.
  std::string supersedes{};
  Place place{};
};

struct PluginPin {
  std::string name{};
  std::string sha256{};  // of the library file, lower-case hex; empty: not pinned
  Place place{};
};

enum class AtEndOfTerm : std::uint8_t { kNothing = 1, kWarn = 2, kExpire = 3 };
std::string to_text(AtEndOfTerm action);  // as life.xml writes it
// What the end of a term means; what is empty fits every certificate.
struct TermRule {
  std::string type{};  // type code
  std::string use{};   // stands in the certificate's use
  AtEndOfTerm at_end = AtEndOfTerm::kWarn;
};

// life.xml: what is policy in the life of a certificate.
struct LifePolicy {
  bool given = false;                    // the configuration names a file
  std::set<RestrictionKind> suspends{};  // in force, they make a valid certificate unusable
  std::map<std::string, std::set<RestrictionKind>> suspends_in{};  // areas that differ
  std::vector<TermRule> terms{};  // the first that fits counts; none: warn
  std::chrono::days warn_of_term{90};
  std::chrono::days clock_leap{31};                        // more at once only a person believes
  std::chrono::milliseconds half_done_limit{259'200'000};  // of changes: 72 h

  const std::set<RestrictionKind>& suspending(const std::string& area) const {
    const auto own = suspends_in.find(area);
    return own == suspends_in.end() ? suspends : own->second;
  }
  AtEndOfTerm at_end_of_term(const LifeRecord& life) const;
};

// Sizes are in bytes. What is not here (group commit, queues, length of the log) is measured and
// fixed: see host/journal/store.h.
struct JournalConfig {
  std::string cipher{"aes-256-gcm"};  // or "sm4-ctr-hmac-sm3"; for what is written from now on
  std::chrono::milliseconds retention{7'776'000'000};  // of bodies of what has ended: 90 days
  // Of the search files of whole months, since the end of their month; 0: for ever.
  std::chrono::milliseconds search_retention{0};
  std::uint64_t reserve = 64ULL << 20;          // room kept for deliveries on a full disk
  std::uint64_t largest_message = 64ULL << 20;  // body and attachments
};

// How much may wait in the journal before sources are slowed.
struct IntakeConfig {
  std::uint64_t unrouted = 20'000;        // messages whose steps are not through
  std::uint64_t undelivered = 2'000'000;  // deliveries that their counterparts do not have yet
};

// architecture.md, "Roles": one list for all.
enum class Role : std::uint8_t {
  kOperator = 1,
  kReviewer = 2,
  kClerk = 3,
  kSystem = 4,
  kInspector = 5,
  kSecurityAdministrator = 6,
  kAuditAdministrator = 7,
};
std::string to_text(Role role);  // as certbridge.xml writes it
std::optional<Role> role_named(std::string_view name);

// One acting person, and what he is known by. What is empty does not make him known.
struct Person {
  std::string name{};
  std::vector<Role> roles{};
  std::string user{};         // of the operating system, on the local socket
  std::string key_secret{};   // name of the secret that he shows on HTTP
  std::string certificate{};  // SHA-256 of his client certificate, lower-case hex
  Place place{};
};

struct OperateConfig {
  std::string socket{};   // absolute; operate.sock in the data folder unless given
  std::string address{};  // "127.0.0.1:9471"; empty: no HTTP
  std::string certificate{};
  std::string private_key{};
  std::string client_ca{};
  // None: whoever runs the host acts on the socket as operator.
  std::vector<Person> people{};
  Place place{};
};

struct Configuration {
  std::string file{};
  std::string node{};
  std::string environment{};
  std::string data_folder{};
  std::string plugin_folder{};  // lib/certbridge beside the program unless given
  std::string listen{};         // metrics and health, "127.0.0.1:9470"
  OperateConfig operate{};
  std::chrono::milliseconds drain_deadline{10'000};
  // Above it, an event that waits for an earlier one of its keys is an alarm.
  std::chrono::milliseconds waiting_limit{14'400'000};
  std::string log_format{"json"};  // or "text"
  std::string master_key_secret{};
  JournalConfig journal{};
  IntakeConfig intake{};
  std::size_t step_workers = 2;
  std::vector<PluginPin> pins{};
  std::vector<EndpointConfig> endpoints{};
  std::vector<RouteConfig> routes{};
  IssuerDirectory issuers{};
  LifePolicy life{};
  AccessConfig access{};
  ArchiveConfig archive{};
  CatalogueConfig catalogue{};
  QueriesConfig queries{};
  ReconcileConfig reconcile{};
  Place reconcile_place{};
  std::vector<UpwardLine> upward{};
  std::string secrets_file{};
  // Sentences for people about what is legal but deserves a look.
  std::vector<std::string> warnings{};
};

}  // namespace certbridge::host
