#include "services/learncity/import/importer.h"

#include <fstream>
#include <utility>

#include "platform/runtime/concat.h"
#include "services/learncity/import/followers.h"

namespace learncity::importing {
namespace {

std::vector<std::string> RejectHeader(const Header& header) {
  std::vector<std::string> names;
  for (size_t i = 0; i < header.names().size(); ++i) {
    if (!header.IsPassedOver(i)) names.push_back(header.names()[i]);
  }
  names.emplace_back(kErrorColumn);
  names.emplace_back(kReasonColumn);
  return names;
}

absl::Status Send(const FileToImport& what, const Checked& checked, int64_t written_before,
                  const std::shared_ptr<grpc::Channel>& channel, demo::Progress& progress,
                  Imported* imported) {
  CsvWriter rejects(Concat(what.path, ".rejected.csv"), checked.form,
                    RejectHeader(*checked.header));
  CsvWriter names(Concat(what.path, ".names.csv"), {},
                  {std::string(kKeyEnglish), std::string(kNameColumn)});
  std::ifstream file(what.path, std::ios::binary);
  if (!file) return absl::NotFoundError(Concat("cannot read ", what.path));
  RowSender sender(
      file, checked,
      {.token = what.token, .in_flight_max = what.in_flight_max, .written_before = written_before},
      what.today, channel, rejects, names);
  absl::Status status = sender.Run(progress);
  imported->counts = sender.counts();
  if (status.ok()) status = rejects.Commit();
  if (status.ok()) status = names.Commit();
  if (!status.ok()) return status;
  if (rejects.rows() > 0) imported->reject_file = rejects.path();
  if (names.rows() > 0) imported->names_file = names.path();
  const std::string feed = FeedOf(*what.kind);
  return Followers(channel, what.token).Follow(feed, sender.written(), progress);
}

}  // namespace

absl::StatusOr<Imported> ImportFile(const FileToImport& what,
                                    const std::shared_ptr<grpc::Channel>& channel,
                                    demo::Progress& progress) {
  const auto written_before = Followers(channel, what.token).Applied(FeedOf(*what.kind));
  if (!written_before.ok()) return written_before.status();
  auto checked = CheckFile({.kind = what.kind,
                            .path = what.path,
                            .names_files = what.names_files,
                            .token = what.token,
                            .today = what.today,
                            .given = what.given},
                           channel, progress);
  if (!checked.ok()) return checked.status();
  Imported imported{.rows = checked->rows};
  if (checked->findings.empty() && !what.dry_run) {
    const absl::Status sent = Send(what, *checked, *written_before, channel, progress, &imported);
    if (!sent.ok()) return sent;
  }
  imported.findings = std::move(checked->findings);
  return imported;
}

}  // namespace learncity::importing
