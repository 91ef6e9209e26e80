// Packages from anyone: what is read, and every way in which one is refused.
#include "certbridge_ofd/package.h"

#include <gtest/gtest.h>

#include "certbridge_ofd/location.h"

namespace certbridge::ofd {
namespace {

Package sample() {
  Package package;
  package.put("OFD.xml", "<ofd/>" + std::string(500, ' '));
  package.put("Doc_0/Document.xml", "x");
  package.put("Doc_0/Res/a.png", std::string(300, 'p'));
  package.put("Doc_0/empty", "");
  return package;
}

std::string code_of(const std::string& bytes, const PackageLimits& limits = {}) {
  const auto read = read_package(bytes, limits);
  return read ? "taken" : read.error().code;
}

// Replaces a name (same length) in local header and directory.
std::string renamed(std::string bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1)) {
    bytes.replace(at, from.size(), to);
  }
  return bytes;
}

// Sets a byte in every record that starts with `signature`.
std::string patched(std::string bytes, const std::string& signature, std::size_t offset,
                    char value) {
  for (std::size_t at = bytes.find(signature); at != std::string::npos;
       at = bytes.find(signature, at + 1)) {
    bytes[at + offset] = value;
  }
  return bytes;
}

const std::string kLocal("PK\x03\x04");
const std::string kCentral("PK\x01\x02");

TEST(Package, RoundTripKeepsOrderAndBytes) {
  const Package package = sample();
  const auto read = read_package(write_package(package), {});
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read.value().entries.size(), package.entries.size());
  for (std::size_t i = 0; i < package.entries.size(); ++i) {
    EXPECT_EQ(read.value().entries[i].name, package.entries[i].name);
    EXPECT_EQ(read.value().entries[i].bytes, package.entries[i].bytes);
  }
}

TEST(Package, EqualPackagesGiveEqualBytes) {
  EXPECT_EQ(write_package(sample()), write_package(sample()));
}

TEST(Package, PicturesAreStoredTextIsDeflated) {
  const std::string bytes = write_package(sample());
  EXPECT_NE(bytes.find(std::string(300, 'p')), std::string::npos);
  EXPECT_EQ(bytes.find(std::string(500, ' ')), std::string::npos);
}

TEST(Package, NothingIsWrittenThatStreamReadersCannotTake) {
  const std::string bytes = write_package(sample());
  for (std::size_t at = bytes.find(kLocal); at != std::string::npos;
       at = bytes.find(kLocal, at + 1)) {
    EXPECT_EQ(bytes[at + 6], '\0') << "no data descriptor, no encryption";
    EXPECT_EQ(bytes[at + 7], '\x08') << "names are UTF-8";
    EXPECT_EQ(bytes[at + 28], '\0') << "no extra field";
  }
}

// The bytes of a file as it stands packed in the archive, with its local header.
std::string packed_file(const std::string& archive, const std::string& name) {
  const std::size_t at = archive.find(kLocal + "\x14");
  for (std::size_t start = at; start != std::string::npos;) {
    std::size_t next = archive.find(kLocal, start + 4);
    if (next == std::string::npos) next = archive.find(kCentral, start);
    if (archive.compare(start + 30, name.size(), name) == 0) {
      return archive.substr(start, next - start);
    }
    start = archive.compare(next, 4, kLocal) == 0 ? next : std::string::npos;
  }
  return "not there";
}

TEST(PutInto, EqualsThePackageWrittenWithTheFiles) {
  Package changed = sample();
  changed.put("OFD.xml", "<ofd>changed</ofd>");
  changed.put("Doc_0/Signs/new.xml", "<new/>");
  changed.put("a", std::string(100, 'a'));
  const std::vector<Entry> files{{"Doc_0/Signs/new.xml", "<new/>"},
                                 {"OFD.xml", "<ofd>changed</ofd>"},
                                 {"a", std::string(100, 'a')}};
  const auto made = put_into(write_package(sample()), files);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made.value(), write_package(changed));
}

TEST(PutInto, WhatStaysIsNotPackedAnew) {
  // Stored as a picture is, and then called otherwise: packing it anew would deflate it.
  Package package = sample();
  package.put("Doc_0/b.png", std::string(300, 'b'));
  const std::string foreign = renamed(write_package(package), "Doc_0/b.png", "Doc_0/b.xml");
  const auto made = put_into(foreign, {{"OFD.xml", "<other/>"}});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(packed_file(made.value(), "Doc_0/b.xml"), packed_file(foreign, "Doc_0/b.xml"));
  EXPECT_NE(packed_file(made.value(), "Doc_0/b.xml").find(std::string(300, 'b')),
            std::string::npos);
  EXPECT_EQ(read_package(made.value(), {}).value().find("Doc_0/b.xml")->bytes,
            std::string(300, 'b'));
}

TEST(PutInto, RefusesWhatIsNoPackage) {
  const std::string good = write_package(sample());
  EXPECT_EQ(put_into(good + "x", {}).error().code, "ofd.junk");
  EXPECT_EQ(put_into("", {}).error().code, "ofd.not_a_package");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(put_into(good.substr(0, size), {}).ok()) << size;
  }
}

TEST(Package, RefusesJunk) {
  const std::string good = write_package(sample());
  EXPECT_EQ(code_of(""), "ofd.not_a_package");
  EXPECT_EQ(code_of("hello, this is certainly not a ZIP archive"), "ofd.not_a_package");
  EXPECT_EQ(code_of("x" + good), "ofd.junk");
  EXPECT_EQ(code_of(good + "x"), "ofd.junk");
  EXPECT_EQ(code_of(good + std::string(22, '\0')), "ofd.junk");
  Package without;
  without.put("other.xml", "x");
  EXPECT_EQ(code_of(write_package(without)), "ofd.not_a_package");
}

TEST(Package, RefusesEveryTruncation) {
  const std::string good = write_package(sample());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(code_of(good.substr(0, size)), "taken") << size;
  }
}

TEST(Package, AFlippedByteIsSeenOrChangesNothing) {
  const std::string good = write_package(sample());
  const Package package = sample();
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x41);
    const auto read = read_package(bad, {});
    if (!read) continue;
    ASSERT_EQ(read.value().entries.size(), package.entries.size()) << at;
    for (std::size_t i = 0; i < package.entries.size(); ++i) {
      EXPECT_EQ(read.value().entries[i].name, package.entries[i].name) << at;
      EXPECT_EQ(read.value().entries[i].bytes, package.entries[i].bytes) << at;
    }
  }
}

TEST(Package, RefusesNamesThatLeaveTheRoot) {
  const std::string good = write_package(sample());
  for (const char* name :
       {"../_0/Document.xml", "/oc_0/Document.xml", "Doc_0\\Document.xml", "Doc_0//ocument.xml",
        "Doc_0/./cument.xml", "Doc_0/Documen\x01xml", "C:c_0/Document.xml",
        "Doc_0/Document\xff"
        "ml"}) {
    std::string to(name);
    to.resize(18, 'x');
    EXPECT_EQ(code_of(renamed(good, "Doc_0/Document.xml", to)), "ofd.name") << name;
  }
}

TEST(Package, RefusesDuplicatesAlsoByCase) {
  Package twice = sample();
  twice.entries.push_back({"Doc_0/Document.xml", "y"});
  EXPECT_EQ(code_of(write_package(twice)), "ofd.duplicate_name");
  Package by_case = sample();
  by_case.put("doc_0/document.XML", "y");
  EXPECT_EQ(code_of(write_package(by_case)), "ofd.duplicate_name");
}

TEST(Package, RefusesEncryptionAndOtherMethods) {
  const std::string good = write_package(sample());
  EXPECT_EQ(code_of(patched(patched(good, kLocal, 6, 1), kCentral, 8, 1)), "ofd.encrypted");
  EXPECT_EQ(code_of(patched(patched(good, kLocal, 8, 12), kCentral, 10, 12)), "ofd.method");
}

TEST(Package, RefusesZip64AndVolumes) {
  const std::string good = write_package(sample());
  std::string wide = good;
  for (int i = 0; i < 4; ++i) wide[good.size() - 6 + i] = '\xff';
  EXPECT_EQ(code_of(wide), "ofd.zip64");
  std::string volumes = good;
  volumes[good.size() - 18] = 1;
  EXPECT_EQ(code_of(volumes), "ofd.zip64");
}

TEST(Package, HeadersThatDisagreeAreDamage) {
  const std::string good = write_package(sample());
  EXPECT_EQ(code_of(patched(good, kLocal, 14, 0x55)), "ofd.damaged");
  std::string other = good;
  other[good.find("OFD.xml")] = 'X';
  EXPECT_EQ(code_of(other), "ofd.damaged");
}

TEST(Package, HoldsItsLimits) {
  const std::string good = write_package(sample());
  EXPECT_EQ(code_of(good, {.package_bytes = 100}), "ofd.too_large");
  EXPECT_EQ(code_of(good, {.entries = 3}), "ofd.too_large");
  EXPECT_EQ(code_of(good, {.entry_bytes = 299}), "ofd.too_large");
  EXPECT_EQ(code_of(good, {.total_bytes = 800}), "ofd.too_large");
  EXPECT_EQ(code_of(good, {.name_bytes = 10}), "ofd.name");
  Package bomb = sample();
  bomb.put("Doc_0/bomb.xml", std::string(4 * 1024 * 1024, 'a'));
  EXPECT_EQ(code_of(write_package(bomb)), "ofd.too_large");
}

TEST(Location, ResolvesAgainstTheHolder) {
  EXPECT_EQ(resolve_location("OFD.xml", "Doc_0/Document.xml").value(), "Doc_0/Document.xml");
  EXPECT_EQ(resolve_location("Doc_0/Document.xml", "Pages/Page_0/Content.xml").value(),
            "Doc_0/Pages/Page_0/Content.xml");
  EXPECT_EQ(resolve_location("Doc_0/Signs/Sign_0/Signature.xml", "/Doc_0/a").value(), "Doc_0/a");
  EXPECT_EQ(resolve_location("Doc_0/a/b.xml", "../././c").value(), "Doc_0/c");
}

TEST(Location, RefusesWhatLeavesTheRootOrNamesNothing) {
  for (const char* location : {"", "/", "../x", "/../x", "a/../../x", "a\\b", "folder/"}) {
    const auto resolved = resolve_location("OFD.xml", location);
    ASSERT_FALSE(resolved.ok()) << location;
    EXPECT_EQ(resolved.error().code, "ofd.location");
  }
}

}  // namespace
}  // namespace certbridge::ofd
