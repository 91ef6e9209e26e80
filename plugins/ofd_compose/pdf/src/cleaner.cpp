#include "pdf/src/cleaner.h"

#include <string>

namespace certbridge::ofd_compose {
namespace {

using Keys = std::set<std::string>;

constexpr int kMostObjects = 200'000;
constexpr int kDeepest = 200;

const Keys kOfForms{"/Type",      "/Subtype", "/FormType", "/BBox",        "/Matrix",
                    "/Resources", "/Group",   "/Filter",   "/DecodeParms", "/Length"};
const Keys kOfImages{"/Type",
                     "/Subtype",
                     "/Width",
                     "/Height",
                     "/ColorSpace",
                     "/ImageMask",
                     "/BitsPerComponent",
                     "/Intent",
                     "/Mask",
                     "/Decode",
                     "/SMask",
                     "/Interpolate",
                     "/Matte",
                     "/SMaskInData",
                     "/Filter",
                     "/DecodeParms",
                     "/Length"};
const Keys kOfResources{"/ColorSpace", "/ExtGState", "/Font",   "/Pattern",
                        "/ProcSet",    "/Shading",   "/XObject"};
// Keys of other dictionaries that lead to what acts or is carried along.
const Keys kNeverKept{"/A",      "/AA",        "/AF",  "/Alternates",   "/Dests",
                      "/EF",     "/F",         "/JS",  "/Metadata",     "/Names",
                      "/OPI",    "/PS",        "/OC",  "/OpenAction",   "/P",
                      "/Parent", "/PieceInfo", "/Ref", "/StructParent", "/StructParents"};
const Keys kTypesNeverKept{"/Action", "/Annot",    "/Catalog",    "/EmbeddedFile",  "/Filespec",
                           "/Page",   "/Pages",    "/OCG",        "/OCMD",          "/Outlines",
                           "/Sig",    "/Metadata", "/StructElem", "/StructTreeRoot"};

void keep_only(QPDFObjectHandle dictionary, const Keys& kept) {
  for (const std::string& key : dictionary.getKeys()) {
    if (!kept.contains(key)) dictionary.removeKey(key);
  }
}

std::string name_at(QPDFObjectHandle dictionary, const char* key) {
  const QPDFObjectHandle value = dictionary.getKey(key);
  return QPDFObjectHandle(value).isName() ? QPDFObjectHandle(value).getName() : std::string();
}

bool never_kept(QPDFObjectHandle value) {
  if (!value.isDictionary() && !value.isStream()) return false;
  const QPDFObjectHandle dictionary = value.isStream() ? value.getDict() : value;
  const std::string action = name_at(dictionary, "/S");
  return kTypesNeverKept.contains(name_at(dictionary, "/Type")) || action == "/JavaScript" ||
         action == "/Launch" || action == "/URI" || action == "/SubmitForm";
}

}  // namespace

void Cleaner::visit(QPDFObjectHandle object, Place place, int depth) {
  if (!object.isArray() && !object.isDictionary() && !object.isStream()) return;
  if (object.isIndirect() && !seen_.emplace(object.getObjGen(), place).second) return;
  if (++count_ > kMostObjects || depth > kDeepest) {
    throw TooMuch("more objects or levels than a page of a certificate has");
  }
  if (object.isStream()) return visit_stream(object, place, depth);
  if (object.isArray()) {
    for (const QPDFObjectHandle& item : object.getArrayAsVector()) visit(item, place, depth + 1);
  } else if (place == Place::kResources) {
    keep_only(object, kOfResources);
    for (const std::string& key : object.getKeys()) {
      visit_names(object.getKey(key), key == "/XObject" ? Place::kXObject : Place::kElsewhere,
                  depth + 1);
    }
  } else if (place == Place::kNames) {
    visit_names(object, Place::kElsewhere, depth + 1);
  } else {
    visit_elsewhere(object, depth);
  }
}

void Cleaner::visit_stream(QPDFObjectHandle stream, Place place, int depth) {
  const QPDFObjectHandle dictionary = stream.getDict();
  const std::string subtype = name_at(dictionary, "/Subtype");
  if (subtype == "/Form") {
    keep_only(dictionary, kOfForms);
  } else if (subtype == "/Image") {
    keep_only(dictionary, kOfImages);
  } else if (place == Place::kXObject) {  // PostScript, or what no viewer paints
    keep_only(dictionary, {});
    stream.replaceStreamData("", QPDFObjectHandle::newNull(), QPDFObjectHandle::newNull());
    return;
  }
  visit_elsewhere(dictionary, depth + 1);
}

// The keys are anybody's names: of fonts, of glyphs, of colours.
void Cleaner::visit_names(QPDFObjectHandle names, Place of_each, int depth) {
  if (!names.isDictionary()) return visit(names, of_each, depth);
  for (const std::string& name : names.getKeys()) {
    QPDFObjectHandle value = names.getKey(name);
    if (never_kept(value)) {
      names.removeKey(name);
    } else {
      visit(value, of_each, depth + 1);
    }
  }
}

void Cleaner::visit_elsewhere(QPDFObjectHandle dictionary, int depth) {
  for (const std::string& key : dictionary.getKeys()) {
    QPDFObjectHandle value = dictionary.getKey(key);
    if (kNeverKept.contains(key) || never_kept(value)) {
      dictionary.removeKey(key);
    } else if (key == "/Resources") {
      visit(value, Place::kResources, depth + 1);
    } else {
      const bool names = key == "/CharProcs" || key == "/Colorants";
      visit(value, names ? Place::kNames : Place::kElsewhere, depth + 1);
    }
  }
}

}  // namespace certbridge::ofd_compose
