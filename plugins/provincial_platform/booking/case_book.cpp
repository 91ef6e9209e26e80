#include "booking/case_book.h"

#include "certbridge/bytes.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint8_t kBookVersion = 1;
constexpr std::uint32_t kMostOfOneBook = 200'000;
constexpr std::size_t kMostOfOneCase = 200'000;
constexpr const char* kBookName = "bookings";

OrderKey key_of_case(const std::string& case_number) { return {"case", case_number}; }

std::string text_of(const Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

SentBooking::Standing standing_in(const std::string& state) {
  if (state == "delivered") return SentBooking::Standing::kAccepted;
  if (state == "parked" || state == "repair") return SentBooking::Standing::kSetAside;
  const bool ended = state == "discarded" || state == "superseded" || state == "not-held";
  return ended ? SentBooking::Standing::kNothing : SentBooking::Standing::kUnderWay;
}

SentBooking sent_of(const DeliveryFact& fact) {
  return {standing_in(fact.state), fact.message_id, fact.remote_id,
          text_of(fact.headers, kBookingCase), text_of(fact.headers, kBookingDigest)};
}

}  // namespace

Result<CaseBook> CaseBook::load(Memory& memory, const std::string& step_key,
                                const std::string& case_number) {
  CaseBook book;
  book.case_number_ = case_number;
  const auto held = memory.get(step_key, key_of_case(case_number), kBookName);
  if (!held) return held.error();
  if (!held.value()) return book;
  ByteReader in(*held.value());
  const bool known = in.u8() == kBookVersion;
  const std::uint32_t count = known ? in.count(kMostOfOneBook) : 0;
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
    book.enter({in.text(), in.text(), in.text(), in.text(), in.text()});
  }
  book.reports_.clear();
  const std::uint32_t reports = known ? in.count(kMostOfOneBook) : 0;
  for (std::uint32_t i = 0; i < reports && !in.failed(); ++i) {
    std::string event = in.text();
    std::string key = in.text();
    book.reports_.emplace(std::pair(std::move(event), std::move(key)), in.u32());
  }
  book.changed_ = false;
  if (known && in.finish()) return book;
  return Error::fault("provincial.memory",
                      "what was kept of the bookings of a case cannot be read; none is reported "
                      "again, because it may have been sent");
}

const ReportedBooking* CaseBook::find(const std::string& key) const {
  const auto place = places_.find(key);
  return place == places_.end() ? nullptr : &bookings_[place->second];
}

std::vector<std::string> CaseBook::reported_by(const std::string& event) const {
  std::map<std::uint32_t, std::string> keys;
  for (auto at = reports_.lower_bound({event, {}}); at != reports_.end(); ++at) {
    if (at->first.first != event) break;
    keys.emplace(at->second, at->first.second);
  }
  std::vector<std::string> in_order;
  in_order.reserve(keys.size());
  for (auto& [place, key] : keys) in_order.push_back(std::move(key));
  return in_order;
}

void CaseBook::enter(ReportedBooking booking) {
  changed_ = true;
  reports_.emplace(std::pair(booking.event, booking.key),
                   static_cast<std::uint32_t>(reports_.size()));
  const auto [place, fresh] = places_.emplace(booking.key, bookings_.size());
  if (fresh) {
    bookings_.push_back(std::move(booking));
  } else {
    bookings_[place->second] = std::move(booking);
  }
}

Result<void> CaseBook::keep(Memory& memory, const std::string& step_key) {
  if (!changed_) return {};
  ByteWriter out;
  out.u8(kBookVersion);
  out.u32(static_cast<std::uint32_t>(bookings_.size()));
  for (const ReportedBooking& booking : bookings_) {
    out.text(booking.key);
    out.text(booking.flow);
    out.text(booking.digest);
    out.text(booking.event);
    out.text(booking.updates);
  }
  out.u32(static_cast<std::uint32_t>(reports_.size()));
  for (const auto& [report, place] : reports_) {
    out.text(report.first);
    out.text(report.second);
    out.u32(place);
  }
  const std::string bytes = out.take();
  if (auto put = memory.put(step_key, key_of_case(case_number_), kBookName, bytes); !put) {
    return put;
  }
  return memory.flush(step_key);
}

Result<SentBookings> sent_bookings(const Facts& facts, const std::string& endpoint,
                                   const OrderKey& case_key) {
  FactsQuery query;
  query.endpoint = endpoint;
  query.type = kBookedType;
  query.order_key = case_key;
  const auto known = facts.list(query, kMostOfOneCase);
  if (!known) return known.error();
  if (known.value().size() == kMostOfOneCase) {
    return Error::fault("provincial.too_many", "a case has 200,000 deliveries or more");
  }
  SentBookings sent;
  for (const DeliveryFact& fact : known.value()) {
    SentBooking one = sent_of(fact);
    SentBooking& last = sent[booking_key(fact.headers)];
    const bool counts = one.standing != SentBooking::Standing::kNothing ||
                        last.standing == SentBooking::Standing::kNothing;
    if (counts) last = std::move(one);
  }
  return sent;
}

Flows flows_of(const CaseBook& book, const SentBookings& sent) {
  Flows flows;
  for (const ReportedBooking& booking : book.bookings()) flows[booking.key] = booking.flow;
  for (const auto& [key, booking] : sent) flows.emplace(key, booking.flow);
  return flows;
}

}  // namespace certbridge::provincial_platform
