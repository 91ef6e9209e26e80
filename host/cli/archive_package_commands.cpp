// certbridge archive case, certificate: sealed packages.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "access/records/access_index.h"
#include "archive/case_package.h"
#include "archive/dossier.h"
#include "certbridge/identifiers.h"
#include "cli/access_context.h"
#include "cli/admission.h"
#include "cli/archive_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/journal_settings.h"
#include "cli/open_journal.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kAccessPage = 500;
constexpr std::size_t kMostAccesses = 100'000;

// A file that was not there before; removed again unless it was kept.
class NewFile {
 public:
  explicit NewFile(std::string path)
      : path_(std::move(path)),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {}
  ~NewFile() {
    if (file_ < 0) return;
    ::close(file_);
    if (!kept_) ::unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  Result<void> made() const { return file_ < 0 ? refused() : Result<void>{}; }
  Result<void> write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(file_, bytes.data(), bytes.size());
      if (wrote < 0 && errno != EINTR) return refused();
      if (wrote > 0) bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
  }
  Result<void> keep() {
    if (::fsync(file_) != 0) return refused();
    kept_ = true;
    return {};
  }

 private:
  Result<void> refused() const {
    return Error::permanent("archive.file", "cannot write " + path_ + ": " + std::strerror(errno));
  }

  std::string path_;
  int file_;
  bool kept_ = false;
};

int show_made(const Result<void>& made, const std::string& path, Screen& out, Screen& problems) {
  if (!made) return access_failed(made.error(), problems);
  out.line("sealed in " + path, Tone::kGood);
  return kExitOk;
}

Result<void> write_package(PackageManifest head, std::uint64_t record,
                           const ArchiveContext& context, NewFile& file,
                           const PackageContents& contents) {
  const auto reader =
      AccessReader::open(context.access.folder, context.access.node, context.access.master_key);
  if (!reader) return reader.error();
  const auto recorded = reader.value()->record(record);
  if (!recorded) return recorded.error();
  head.node = context.access.node;
  head.made = context.clock.now();
  head.record = record;
  head.record_hash = recorded.value().place.hash;
  auto sealed = seal_package(
      head, *context.key, [&file](std::string_view bytes) { return file.write(bytes); }, contents);
  if (!sealed) return sealed;
  return file.keep();
}

// Nothing is written before it is allowed, and the record of that is on the disk.
int make_package(const Arguments& arguments, const PackageManifest& head, OperatorWish wish,
                 const ArchiveContext& context, const PackageContents& contents, Screen& out,
                 Screen& problems) {
  NewFile file(arguments.output);
  if (auto made = file.made(); !made) return access_failed(made.error(), problems);
  wish.kind = AccessKind::kExport;
  std::uint64_t record = 0;
  if (const auto code = admit(arguments, std::move(wish), problems, record)) return *code;
  return show_made(write_package(head, record, context, file, contents), arguments.output, out,
                   problems);
}

Result<void> find_accesses(AccessIndex& index, const std::string& certificate,
                           std::map<std::uint64_t, ReadAccess>& found) {
  AccessQuestion question;
  question.terms = {{AccessTerm::kCertificate, certificate}};
  question.limit = kAccessPage;
  do {
    const auto page = index.find(question);
    if (!page) return page.error();
    for (const ReadAccess& access : page.value().found) found[access.place.number] = access;
    question.before = page.value().next;
  } while (question.before > 0 && found.size() < kMostAccesses);
  return {};
}

// Of every kind, also objections, displays and exports; by number or identifier, oldest first.
Result<std::vector<ReadAccess>> accesses_of(const std::string& number, const Dossier& dossier,
                                            const ArchiveContext& context) {
  auto index = AccessIndex::open(context.access.folder, context.access.node,
                                 context.access.master_key, context.clock);
  if (!index) return index.error();
  const auto filled = index.value()->fill({});
  if (!filled && filled.error().code != "search.in_use") return filled.error();
  std::set<std::string> names{normalise_certificate_number(number)};
  for (const auto& registered : dossier.registered) names.insert(registered.life.identifier);
  names.erase("");
  std::map<std::uint64_t, ReadAccess> found;
  for (const std::string& name : names) {
    if (auto all = find_accesses(*index.value(), name, found); !all) return all.error();
  }
  std::vector<ReadAccess> accesses;
  accesses.reserve(found.size());
  for (auto& [place, access] : found) accesses.push_back(std::move(access));
  return accesses;
}

}  // namespace

int archive_case_command(const Arguments& arguments, Screen& out, Screen& problems) {
  ArchiveContext context;
  if (const auto code = archive_context(arguments, problems, context)) return *code;
  const auto uses = KeptUses(context.kept).uses_of(arguments.number);
  if (!uses) return access_failed(uses.error(), problems);
  if (uses.value().empty()) {
    problems.line("nothing is kept that was used in the case " + arguments.number, Tone::kBad);
    return kExitNotFound;
  }
  PackageManifest head;
  head.kind = PackageKind::kCase;
  head.subject = arguments.number;
  OperatorWish wish;
  wish.about = "archive package of a case";
  wish.reason = "case " + arguments.number + ": ";
  return make_package(
      arguments, head, std::move(wish), context,
      [&uses](const PackageManifest& whole, PackageWriter& package) {
        return write_case_contents(whole, uses.value(), package);
      },
      out, problems);
}

int archive_certificate_command(const Arguments& arguments, Screen& out, Screen& problems) {
  ArchiveContext context;
  if (const auto code = archive_context(arguments, problems, context)) return *code;
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return *code;
  auto dossier = collect_dossier(*journal.store, arguments.number);
  if (!dossier) return journal_failed(dossier.error(), problems);
  auto accesses = accesses_of(arguments.number, dossier.value(), context);
  if (!accesses) return access_failed(accesses.error(), problems);
  dossier.value().accesses = std::move(accesses).value();
  if (dossier.value().messages.empty() && dossier.value().accesses.empty()) {
    problems.line("nothing is known of a certificate of the number " + arguments.number,
                  Tone::kBad);
    return kExitNotFound;
  }
  PackageManifest head;
  head.kind = PackageKind::kCertificate;
  head.subject = arguments.number;
  OperatorWish wish;
  wish.about = "dossier of a certificate";
  wish.number = arguments.number;
  return make_package(
      arguments, head, std::move(wish), context,
      [&dossier](const PackageManifest& whole, PackageWriter& package) {
        return write_dossier_contents(whole, dossier.value(), package);
      },
      out, problems);
}

}  // namespace certbridge::host
