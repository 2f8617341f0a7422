#include <algorithm>
#include <memory>
#include <optional>

#include "platform/ledger/id.h"
#include "platform/rpc/page_token.h"
#include "platform/rpc/resource_fields.h"
#include "platform/rpc/surface.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kPageSizeDefault = 100;
constexpr int kPageSizeMax = 1000;
// A page stops after this many bytes of resources, so that an answer stays below the 4 MiB that
// clients take.
constexpr size_t kPageBytesMax = size_t{2} << 20;

Refusal NotFound(const std::string& service, const std::string& name) {
  return {.code = absl::StatusCode::kNotFound,
          .domain = Concat(service, ".learncity"),
          .reason = "RESOURCE_NOT_FOUND",
          .message = Concat("There is no ", name, "."),
          .resource = name};
}

absl::Status Undecodable(const ledger::Table& table, const Id& id) {
  return absl::DataLossError(Concat("document ", id.ToString(), " of ", table.name, " is not a ",
                                    table.prototype->GetTypeName()));
}

// The one repeated field of a list's response.
const FieldDescriptor* ResultsOf(const Message& response) {
  const auto* type = response.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->is_repeated()) return type->field(i);
  }
  LEARNCITY_CHECK(false) << type->full_name() << " has no repeated field";
  return nullptr;
}

int PageSizeOf(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("page_size");
  LEARNCITY_CHECK(field != nullptr) << request.GetTypeName();
  const int asked = request.GetReflection()->GetInt32(request, field);
  return asked == 0 ? kPageSizeDefault : std::min(asked, kPageSizeMax);
}

// What a page token must not be used apart from: the method and all arguments but the page's.
std::string ArgumentsOf(const std::string& method, const Message& request) {
  std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  ClearField(rest.get(), "page_size");
  ClearField(rest.get(), "page_token");
  return Concat(method, "?", DeterministicBytes(*rest));
}

}  // namespace

grpc::Status Surface::GetAny(const Call& call, const Message& request, Message* response,
                             const AnyOpen& open, const AnyComplete& complete) const {
  const ledger::Table* table = parts_.schema.ByDocument(response->GetDescriptor());
  LEARNCITY_CHECK(table != nullptr) << "no table of " << response->GetTypeName();
  const ReadMask mask(request);
  if (auto status = mask.Check(response->GetDescriptor()); !status.ok()) return status;
  const auto reader = parts_.readers.Mine();
  if (!reader.ok()) return ToStatus(reader.status());
  const std::string name = TextOf(request, "name");
  const Id id = IdOf(name);
  const auto row = (*reader)->Get(*table, id);
  if (!row.ok()) return ToStatus(row.status());
  if (!row->has_value()) return ToStatus(NotFound(parts_.schema.service(), name));
  if (!response->ParseFromString((*row)->bytes)) return ToStatus(Undecodable(*table, id));
  SetText(response, "etag", EtagOf((*row)->version));
  if (complete) {
    if (auto status = complete(response); !status.ok()) {
      response->Clear();
      return ToStatus(status);
    }
  }
  const absl::Status opened = OpenPerson(call, response, open, mask.Wants("person"));
  if (!opened.ok()) {
    response->Clear();
    return ToStatus(opened);
  }
  mask.Trim(response);
  return grpc::Status::OK;
}

grpc::Status Surface::ListAny(const Call& call, const Message& request, Message* response,
                              const Selection& selection) const {
  const FieldDescriptor* results = ResultsOf(*response);
  const ledger::Table* table = parts_.schema.ByDocument(results->message_type());
  LEARNCITY_CHECK(table != nullptr) << "no table of " << results->message_type()->full_name();
  const std::string arguments = parts_.request_hash(ArgumentsOf(call.method().path, request));
  const int page_size = PageSizeOf(request);
  // One row more than the page shows whether there is another page.
  ledger::Reader::Page page{.after = std::nullopt,
                            .limit = page_size + 1,
                            .column = selection.column,
                            .value = selection.value,
                            .prefix = selection.prefix};
  if (const std::string token = TextOf(request, "page_token"); !token.empty()) {
    page.after = ParsePageToken(token, arguments);
    if (!page.after) {
      google::rpc::BadRequest violations;
      AddViolation(&violations, "page_token", "PAGE_TOKEN",
                   "is not one that this list gave for these arguments; start without it");
      return ToStatus(violations);
    }
  }
  const auto reader = parts_.readers.Mine();
  if (!reader.ok()) return ToStatus(reader.status());
  const auto rows = (*reader)->List(*table, page);
  if (!rows.ok()) return ToStatus(rows.status());

  size_t bytes = 0;
  size_t taken = 0;
  for (; taken < rows->size() && taken < static_cast<size_t>(page_size) && bytes < kPageBytesMax;
       ++taken) {
    const ledger::Row& row = (*rows)[taken];
    Message* resource = response->GetReflection()->AddMessage(response, results);
    if (!resource->ParseFromString(row.bytes)) return ToStatus(Undecodable(*table, row.id));
    ClearField(resource, "sealed_person");
    SetText(resource, "etag", EtagOf(row.version));
    bytes += row.bytes.size();
    absl::StatusOr<bool> kept = !selection.keep || selection.keep(*resource);
    if (*kept) kept = gate_.Shows(call, TextOf(*resource, "name"));
    if (!kept.ok()) {
      response->Clear();
      return ToStatus(kept.status());
    }
    if (!*kept) response->GetReflection()->RemoveLast(response, results);
  }
  if (taken < rows->size()) {
    SetText(response, "next_page_token", MakePageToken((*rows)[taken - 1].id, arguments));
  }
  return grpc::Status::OK;
}

}  // namespace learncity::rpc
