// The life of a certificate after it was issued (article 9 of the measures): a base state and a set
// of open restrictions, and what each event makes of them. One table holds all of it
// (life_transitions); everything here is a pure function of its arguments.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/certificate.h"

namespace certbridge {

enum class RestrictionKind : std::uint8_t {
  kSeizure = 1,     // 查封; a second one waits for the first (轮候查封)
  kObjection = 2,   // 异议
  kLimitation = 3,  // 限制: any other restriction by an authority
  kSuspension = 4,  // 挂起: the issuer's own
  kMortgage = 5,    // 抵押, in the measures 质押: a flag, suspends nothing
};

// One restriction that is not released yet. It is named by its kind and its own case number.
struct Restriction {
  RestrictionKind kind = RestrictionKind::kSeizure;
  std::string case_no{};
  std::string authority{};  // who ordered it; may be empty
  Timestamp since{};
  bool waiting = false;  // a seizure behind another one: has no effect yet

  bool operator==(const Restriction&) const = default;
};

struct LifeState {
  Status base{};
  // In the order in which they came; at most one seizure is not waiting.
  std::vector<Restriction> restrictions{};
};

// What can happen to a certificate.
enum class LifeEventKind : std::uint8_t {
  kCollected = 1,  // a library took it
  kReissued = 2,   // a new version of the same number was sealed
  kRestrict = 3,
  kRelease = 4,
  kLose = 5,       // 遗失
  kExpire = 6,     // the clock, where the policy says so
  kCancel = 7,     // 注销
  kRevoke = 8,     // 吊销
  kAbolish = 9,    // 废止
  kVoid = 10,      // issued in error
  kRejected = 11,  // a library that had taken it says that it does not have it after all
};

struct LifeEvent {
  LifeEventKind kind = LifeEventKind::kCollected;
  Timestamp when{};
  std::string reason{};
  Restriction restriction{};  // of kRestrict; of kRelease its kind and case number
};

enum class LifeEffect : std::uint8_t {
  kChanged = 1,
  kUnchanged = 2,  // so already, or nothing to release: final and no error
  kRefused = 3,    // the table has no way from this state by this event
};

struct LifeChange {
  LifeEffect effect = LifeEffect::kUnchanged;
  LifeState after{};
  std::string code{};  // why nothing changed: "life.already", "life.ended", "life.not_restricted"
};

// A row of the table: what `event` makes of `from`. Events that name restrictions keep the base.
struct LifeTransition {
  LifeEventKind event;
  Status::Base from;
  LifeEffect effect;
  Status::Base to;
};
// The whole table, one row for each event and base state.
std::span<const LifeTransition> life_transitions();

LifeChange apply_event(const LifeState& state, const LifeEvent& event);

// Cancelled, revoked, abolished, voided.
bool has_ended(const LifeState& state);
bool is_mortgaged(const LifeState& state);
// Valid, and no restriction that is in force is of a kind in `suspending` (policy of the area).
bool is_usable(const LifeState& state, const std::set<RestrictionKind>& suspending);

// The one word by which counterparts are told, before their dialect translates it: the base state;
// of a valid certificate "suspended" when it is not usable, "mortgaged" when it is and has one.
std::string status_word(const LifeState& state, const std::set<RestrictionKind>& suspending);

// Words of files, headers and logs: "seizure", "release"... None for an unknown word.
std::string to_word(RestrictionKind kind);
std::string to_word(LifeEventKind kind);
std::string to_word(Status::Base base);
std::optional<RestrictionKind> restriction_kind_of(std::string_view word);
std::optional<LifeEventKind> life_event_kind_of(std::string_view word);
std::optional<Status::Base> status_base_of(std::string_view word);

inline constexpr const char* kLifeMediaType = "application/vnd.certbridge.life+xml";

// How another certificate stands to this one.
enum class Relation : std::uint8_t {
  kReplaces = 1,    // the other is earlier and ends for this one
  kReplacedBy = 2,  // the other is later
};
struct RelatedCertificate {
  Relation relation = Relation::kReplaces;
  std::string number{};      // normalised
  std::string identifier{};  // empty when it never was electronic
};

// What is kept and told of a certificate once its content may be dropped: who it is and how it
// stands. Holds no person's data. A certificate that never was electronic has only a number, which
// may be of an older form, and no identifier: its record is a tombstone.
struct LifeRecord {
  std::string number{};      // as written
  std::string type_code{};   // empty when not known
  std::string identifier{};  // of the newest version
  std::string issuer_code{};
  std::string issuer_name{};
  std::string area{};
  std::string case_no{};                                    // of the event that changed it last
  std::optional<std::chrono::year_month_day> expires_on{};  // of its term; none: it has none
  std::string use{};  // 用途, as the certificate shows it; decides what the end of its term means
  LifeState state{};
  std::string word{};  // status_word() under the policy of its area
  std::vector<RelatedCertificate> related{};
  // Codes of the real-estate units (不动产单元) that it shows: what follows from a change of it
  // waits for earlier events of them. Empty when they are not known.
  std::vector<std::string> units{};
};

// Canonical XML (urn:certbridge:life:1), deterministic.
std::string write_life_record(const LifeRecord& record);
// Strict. Codes: those of parse_xml, "life.shape", "life.value".
Result<LifeRecord> parse_life_record(std::string_view xml);

}  // namespace certbridge
