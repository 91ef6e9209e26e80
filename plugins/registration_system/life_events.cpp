#include "life_events.h"

#include <algorithm>

#include "certbridge/certificate.h"
#include "certificate_builder.h"
#include "unit_keys.h"

namespace certbridge::registration {
namespace {

// An earlier certificate as a right names it.
struct Named {
  std::string number{};
  std::string normalised{};
  std::string type_code{};  // empty: a number of an older form
  bool proof = false;
};

Named named(const std::string& number) {
  Named one{number, normalise_certificate_number(number), "", false};
  const auto parsed = CertificateNumber::parse_lenient(number);
  if (!parsed) return one;
  one.normalised = parsed.value().normalised();
  one.proof = parsed.value().kind() == CertificateKind::kProof;
  one.type_code = one.proof ? kProofTypeCode : kTitleTypeCode;
  return one;
}

const LifeRule* rule_for(const std::vector<LifeRule>& rules, const Named& one) {
  for (const LifeRule& rule : rules) {
    if (rule.on == LifeRule::On::kBoth) return &rule;
    if ((rule.on == LifeRule::On::kProof) == one.proof) return &rule;
  }
  return nullptr;
}

Result<void> add_restriction(Headers& headers, const LifeRule& rule, const CaseRow& right,
                             const std::string& case_no) {
  if (!rule.restriction) return {};
  std::string of = right.text("restriction-case");
  if (of.empty() && rule.event == LifeEventKind::kRestrict) of = case_no;
  if (of.empty()) {
    return Error::permanent("registration.restriction_case",
                            right.place("restriction-case") +
                                ": a release names the case of the restriction that it ends");
  }
  headers["restriction-kind"] = to_word(*rule.restriction);
  headers["restriction-case"] = of;
  const std::string& authority = right.text("restriction-authority");
  if (!authority.empty()) headers["restriction-authority"] = authority;
  return {};
}

Result<Message> message_of(const Message& event, const LifeRule& rule, const CaseRow& right,
                           const Named& one, const Issuer& issuer) {
  Message message = event;
  message.type = "certificate.event";
  message.media_type.clear();
  message.body.reset();
  message.attachments.clear();
  narrow_units(message, {right.text("unit")});
  message.order_keys.push_back(certificate_key(one.type_code, one.normalised, issuer.code));
  Headers& headers = message.headers;
  headers["life-event"] = to_word(rule.event);
  if (!rule.reason.empty()) headers["life-reason"] = rule.reason;
  headers["certificate-number"] = one.number;
  headers["certificate-number-normalised"] = one.normalised;
  headers["type-code"] = one.type_code;
  headers["issuer-code"] = issuer.code;
  headers["issuer-name"] = issuer.name;
  auto added = add_restriction(headers, rule, right, header_of(event, "case-no"));
  if (!added) return added.error();
  return message;
}

bool has_key(const Message& message, const OrderKey& key) {
  const auto& keys = message.order_keys;
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Another right that names the same certificate is one more unit of it.
void add(std::vector<Message>& messages, Message message, const OrderKey& certificate,
         const std::string& unit) {
  for (Message& known : messages) {
    if (has_key(known, certificate)) return add_unit(known, unit);
  }
  messages.push_back(std::move(message));
}

// Walks over the earlier certificates that the rights name, each once.
class Making {
 public:
  Making(const CaseAnswer& answer, const IssuerDirectory& issuers, const Message& event)
      : answer_(answer), issuers_(issuers), event_(event) {}

  // One message for each that has a rule.
  template <class RuleOf>
  Result<std::vector<Message>> messages(const RuleOf& rule_of) {
    std::vector<Message> made;
    for (const CaseRow& right : answer_.rows.set("rights")) {
      auto issuer = issuer_of_right(issuers_, right, event_.area);
      if (!issuer) return issuer.error();
      for (const std::string& number : split_certificate_numbers(right.text("previous"))) {
        any_named_ = true;
        const Named one = named(number);
        const std::optional<LifeRule> rule = rule_of(one);
        if (!rule) continue;
        auto message = message_of(event_, *rule, right, one, *issuer.value());
        if (!message) return message.error();
        const OrderKey certificate = message.value().order_keys.back();
        add(made, std::move(message).value(), certificate, right.text("unit"));
      }
    }
    return made;
  }
  bool any_named() const { return any_named_; }

 private:
  const CaseAnswer& answer_;
  const IssuerDirectory& issuers_;
  const Message& event_;
  bool any_named_ = false;
};

}  // namespace

ChangeRule change_of(const Mapping& mapping, const Message& event, bool proof) {
  return mapping.change(header_of(event, "registration-type"),
                        header_of(event, "registration-sub-type"), header_of(event, "right-type"),
                        proof);
}

Result<std::vector<Message>> life_messages(const std::vector<LifeRule>& rules,
                                           const CaseAnswer& answer, const IssuerDirectory& issuers,
                                           const Message& event) {
  Making making{answer, issuers, event};
  auto made = making.messages([&](const Named& one) -> std::optional<LifeRule> {
    const LifeRule* rule = rule_for(rules, one);
    return rule == nullptr ? std::nullopt : std::optional(*rule);
  });
  if (!made || making.any_named()) return made;
  if (answer.rows.set("rights").empty()) {
    return Error::retryable("registration.incomplete", "the case has no rights yet");
  }
  return Error::permanent("registration.no_certificate",
                          answer.rows.set("rights").front().place("previous") +
                              ": the event names no certificate that it is about");
}

Result<std::vector<Message>> booked_change_messages(const Mapping& mapping,
                                                    const CaseAnswer& answer,
                                                    const IssuerDirectory& issuers,
                                                    const Message& event) {
  Making making{answer, issuers, event};
  auto made = making.messages([&](const Named& one) -> std::optional<LifeRule> {
    const ChangeRule rule = change_of(mapping, event, one.proof);
    if (rule.earlier != ChangeRule::Earlier::kAtBooking) return std::nullopt;
    LifeRule ends;
    ends.event = LifeEventKind::kCancel;
    ends.reason = rule.reason;
    return ends;
  });
  if (!made) return made;
  for (Message& message : made.value()) {
    message.headers["change-policy"] = to_text(ChangeRule::Earlier::kAtBooking);
    message.headers["change-reason"] = message.headers["life-reason"];
  }
  if (made.value().empty() && answer.rows.set("rights").empty()) {
    return Error::retryable("registration.incomplete", "the case has no rights yet");
  }
  return made;
}

}  // namespace certbridge::registration
