// What of a PDF's objects may go into a copy.
#pragma once

#include <qpdf/QPDFObjectHandle.hh>
#include <set>
#include <stdexcept>
#include <utility>

namespace certbridge::ofd_compose {

class TooMuch final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Leaves of a form XObject and everything below it what painting needs: whitelists for XObjects and
// resources (ISO 32000-1, 7.8.3, 8.9.5, 8.10), and elsewhere nothing that acts or is carried along
// (actions, files, annotations, metadata, PostScript). Changes the objects in place.
class Cleaner {
 public:
  // Throws TooMuch above 200,000 objects or 200 levels.
  void clean_form(const QPDFObjectHandle& form) { visit(form, Place::kXObject, 0); }

 private:
  enum class Place : std::uint8_t { kXObject = 1, kResources = 2, kNames = 3, kElsewhere = 4 };
  void visit(QPDFObjectHandle object, Place place, int depth);
  void visit_stream(QPDFObjectHandle stream, Place place, int depth);
  void visit_names(QPDFObjectHandle names, Place of_each, int depth);
  void visit_elsewhere(QPDFObjectHandle dictionary, int depth);

  std::set<std::pair<QPDFObjGen, Place>> seen_{};
  int count_ = 0;
};

}  // namespace certbridge::ofd_compose
