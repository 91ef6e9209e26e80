// One connection of the front: its requests one after the other, until either side ends it.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "certbridge_front/http_front.h"
#include "piece_reader.h"

namespace certbridge::http {

// What all conversations of a front share. Only the loop's thread uses it, but for the two atomics.
struct ConversationShare {
  ConversationShare(const FrontSettings& given, FrontHandler& asked,
                    boost::asio::io_context& own_loop, boost::asio::ssl::context& own_tls)
      : settings(given), handler(asked), loop(own_loop), tls(own_tls) {}

  const FrontSettings& settings;
  FrontHandler& handler;
  boost::asio::io_context& loop;
  boost::asio::ssl::context& tls;  // used when the settings name a certificate
  std::atomic<int> answering{0};   // requests that are with the handler or whose answer is leaving
  std::atomic<bool> closing{false};
  // Requests under way whose body may be above max_body. Shared: conversations that are cut off
  // with the loop end after this.
  std::shared_ptr<std::uint64_t> large_bodies = std::make_shared<std::uint64_t>(0);
  PieceReader pieces{};
};

// Ends when the connection does. Every early answer closes it: what follows is taken in for a
// while and never read as a request. `share` outlives it.
boost::asio::awaitable<void> converse(boost::asio::ip::tcp::socket socket,
                                      ConversationShare& share);

}  // namespace certbridge::http
