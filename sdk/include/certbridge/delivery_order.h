// When the next delivery of an order key may go to a counterpart: for a sink whose own files say
// it.
#pragma once

#include <cstdint>

namespace certbridge {

enum class DeliveryOrder : std::uint8_t {
  kSettled = 1,   // the one before has its verdict
  kAccepted = 2,  // the one before has a receipt, open or not
};

// What a Sink may be besides. One that is not says nothing: the configuration decides then, and
// without its word every verdict is waited for. An endpoint's attribute `order` goes before what
// its sink says.
class OrdersDeliveries {
 public:
  virtual ~OrdersDeliveries();
  // The same for as long as the sink lives. Asked once, after the sink was made and before it is
  // started; the host's thread.
  virtual DeliveryOrder delivery_order() const = 0;
};

}  // namespace certbridge
