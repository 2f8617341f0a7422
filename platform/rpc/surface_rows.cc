// How a surface writes the rows of a stream.
#include <memory>
#include <utility>

#include "google/rpc/status.pb.h"
#include "platform/rpc/resource_fields.h"
#include "platform/rpc/surface.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Longest request_id that a result repeats, however wrong it is.
constexpr size_t kRequestIdBytesMax = 100;

// A result's field for the resource: its only message that is no status.
const FieldDescriptor* ResourceOf(const Message& result) {
  const auto* type = result.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* message = type->field(i)->message_type();
    if (message != nullptr && message != google::rpc::Status::descriptor()) return type->field(i);
  }
  LEARNCITY_CHECK(false) << type->full_name() << " has no resource";
  return nullptr;
}

void SetError(const grpc::Status& status, Message* result) {
  const auto* field = result->GetDescriptor()->FindFieldByName("error");
  auto* error = result->GetReflection()->MutableMessage(result, field);
  LEARNCITY_CHECK(error->ParseFromString(status.error_details()))
      << "a status that ToStatus has not made";
}

}  // namespace

void Surface::WriteRow(RowStream& stream, const Message& row,
                       std::unique_ptr<Message> result) const {
  const auto* field = row.GetDescriptor()->field(0);
  if (!row.GetReflection()->HasField(row, field)) {
    SetError(gate_.Check(stream, stream.method(), row), result.get());
    return stream.Answer(std::move(result), 0, "");
  }
  const Message& request = row.GetReflection()->GetMessage(row, field);
  const Method& method = gate_.MethodOf(request.GetDescriptor());
  const std::string request_id = TextOf(request, "request_id");
  SetText(result.get(), "request_id", request_id.substr(0, kRequestIdBytesMax));
  if (auto wrong = gate_.Check(stream, method, request); !wrong.ok()) {
    SetError(wrong, result.get());
    return stream.Answer(std::move(result), 0, "");
  }
  auto input = NewInput(stream, method, request);
  // Shared, since what can be called may be copied, and since it is wanted once more if the writer
  // does not take the input.
  const std::shared_ptr<Message> kept = std::move(result);
  const auto answered = [this, &stream, &method, kept](const ledger::Answer& answer) {
    std::unique_ptr<Message> own(kept->New());
    own->GetReflection()->Swap(own.get(), kept.get());
    const auto* resource = ResourceOf(*own);
    auto* response = own->GetReflection()->MutableMessage(own.get(), resource);
    const grpc::Status decided = FillIn(method, answer, response);
    ClearField(response, "sealed_person");
    if (!decided.ok()) SetError(decided, own.get());
    const std::string at = decided.ok() ? PositionText(answer) : "";
    stream.Answer(std::move(own), answer.position, at);
  };
  input.done = answered;
  const absl::Status submitted = parts_.writer.Submit(std::move(input));
  if (submitted.ok()) return;
  ledger::Answer none;
  none.fault = submitted;
  answered(none);
}

}  // namespace learncity::rpc
