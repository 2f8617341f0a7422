// How a surface writes; surface_read.cc has how it reads.
#include "platform/rpc/surface.h"

#include <algorithm>
#include <memory>

#include "platform/ledger/id.h"
#include "platform/rpc/resource_fields.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::rpc {
namespace {

// Bytes of all warnings of one answer: trailers must stay below 8 KiB.
constexpr size_t kWarningsBytesMax = 3072;

std::string PositionText(const std::string& feed, const ledger::Answer& answer) {
  return Concat(feed, "/", answer.epoch, "/", answer.position);
}

}  // namespace

Surface::Surface(const std::string& service, SurfaceParts parts)
    : parts_(std::move(parts)),
      gate_(service, parts_.tokens, parts_.metrics),
      open_permission_(Concat(parts_.schema.service(), ".persons.read")) {}

ledger::RequestInput Surface::NewInput(const Call& call, const Message& request) const {
  std::unique_ptr<Message> own(request.New());
  own->CopyFrom(request);
  call.method().request_plan->ClearOutputOnly(own.get());
  const std::string request_id = TextOf(*own, "request_id");
  const std::optional<Id> id = Id::Parse(request_id);
  LEARNCITY_CHECK(id.has_value()) << call.method().path << " takes a request_id that is no UUID";
  // The hash is of what the caller meant; the id, and what this release does not know, are not.
  ClearField(own.get(), "request_id");
  std::string hash = parts_.request_hash(DeterministicBytes(*own));
  SetText(own.get(), "request_id", request_id);
  own->DiscardUnknownFields();
  const Time now = parts_.clock();
  return {.method = call.method().path,
          .caller = call.caller().identity,
          .request_id = *id,
          .request_hash = std::move(hash),
          .request = std::move(own),
          .refusal = {},
          .moment = {.now = now, .seed = std::string(RandomId(now).view())},
          .deadline = now + call.TimeLeft(),
          .done = {}};
}

grpc::ServerUnaryReactor* Surface::WriteAny(grpc::CallbackServerContext* context,
                                            const Message& request, Message* response,
                                            const AnyPrepare& prepare, AnyOpen open) const {
  Call* call = gate_.Enter(context, request);
  if (call->ended()) return call;
  ledger::RequestInput input = NewInput(*call, request);
  Prepared prepared;
  if (prepare) {
    if (auto status = prepare(*call, input.request, &prepared); !status.ok()) {
      call->End(status);
      return call;
    }
  }
  input.refusal = std::move(prepared.refusal);
  // The call lives until it is ended, which `done` alone does from here on.
  input.done = [this, call, response, open = std::move(open),
                warned = SerializeWithin(prepared.warnings, kWarningsBytesMax)](
                   const ledger::Answer& answer) {
    AnswerWrite(call, answer, open, warned, response);
  };
  const absl::Status submitted = parts_.writer.Submit(std::move(input));
  if (!submitted.ok()) call->End(ToStatus(submitted));
  return call;
}

void Surface::AnswerWrite(Call* call, const ledger::Answer& answer, const AnyOpen& open,
                          const std::string& warnings, Message* response) const {
  if (answer.refusal) return call->End(ToStatus(*answer.refusal));
  if (!answer.fault.ok()) return call->End(ToStatus(answer.fault));
  LEARNCITY_CHECK(answer.document != nullptr &&
                  answer.document->GetDescriptor() == response->GetDescriptor())
      << call->method().path << " does not answer with the document of its first change";
  response->CopyFrom(*answer.document);
  SetText(response, "etag", EtagOf(answer.document_version));
  if (auto opened = OpenPerson(*call, response, open, true); !opened.ok()) {
    telemetry::Log(telemetry::Level::kError, "personal_data_unavailable",
                   {{"method", call->method().path}, {"reason", opened.message()}});
  }
  call->AddTrailer("learncity-position", PositionText(parts_.schema.service(), answer));
  if (!warnings.empty()) call->AddTrailer("learncity-warnings-bin", warnings);
  call->End(grpc::Status::OK);
}

absl::Status Surface::OpenPerson(const Call& call, Message* resource, const AnyOpen& open,
                                 bool wanted) const {
  absl::Status status;
  if (open && wanted && call.May(open_permission_)) {
    status = open(call, resource);
    if (!status.ok()) {
      ClearField(resource, "person");
    } else if (HasMessage(*resource, "person")) {
      telemetry::Log(telemetry::Level::kInfo, "personal_data_opened",
                     {{"caller", call.caller().identity},
                      {"method", call.method().path},
                      {"resource", TextOf(*resource, "name")}});
    }
  }
  ClearField(resource, "sealed_person");
  return status;
}

}  // namespace learncity::rpc
