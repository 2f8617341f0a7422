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

}  // namespace

Surface::Surface(const std::string& service, SurfaceParts parts)
    : parts_(std::move(parts)),
      gate_(service, parts_.tokens, parts_.metrics, parts_.within),
      open_permission_(Concat(parts_.schema.service(), ".persons.read")) {}

ledger::RequestInput Surface::NewInput(const AnyCall& call, const Method& method,
                                       const Message& request) const {
  std::unique_ptr<Message> own(request.New());
  own->CopyFrom(request);
  method.request_plan->ClearOutputOnly(own.get());
  const std::string request_id = TextOf(*own, "request_id");
  const std::optional<Id> id = Id::Parse(request_id);
  LEARNCITY_CHECK(id.has_value()) << method.path << " takes a request_id that is no UUID";
  // The hash is of what the caller meant; the id, and what this release does not know, are not.
  ClearField(own.get(), "request_id");
  std::string hash = parts_.request_hash(DeterministicBytes(*own));
  SetText(own.get(), "request_id", request_id);
  own->DiscardUnknownFields();
  const Time now = parts_.clock();
  return {.method = method.path,
          .caller = call.caller().identity,
          .request_id = *id,
          .request_hash = std::move(hash),
          .request = std::move(own),
          .refusal = {},
          .moment = {.now = now, .seed = std::string(RandomId(now).view())},
          .deadline = now + call.TimeLeft(),
          .done = {}};
}

std::string Surface::PositionText(const ledger::Answer& answer) const {
  return Concat(parts_.schema.service(), "/", answer.epoch, "/", answer.position);
}

struct Surface::Pending {
  Call* call;
  ledger::RequestInput input;
  Prepared prepared;
  Message* response;
  AnyOpen open;
};

grpc::ServerUnaryReactor* Surface::WriteAny(grpc::CallbackServerContext* context,
                                            const Message& request, Message* response,
                                            const AnyPrepare& prepare,
                                            const AnyPrepareLater& prepare_later,
                                            AnyOpen open) const {
  Call* call = gate_.Enter(context, request);
  if (call->ended()) return call;
  auto pending =
      std::make_shared<Pending>(Pending{.call = call,
                                        .input = NewInput(*call, call->method(), request),
                                        .prepared = {},
                                        .response = response,
                                        .open = std::move(open)});
  if (prepare) {
    auto status = prepare(*call, pending->input.request, &pending->prepared);
    if (!status.ok()) {
      call->End(status);
      return call;
    }
  }
  if (!prepare_later) {
    Submit(std::move(pending));
    return call;
  }
  Pending& waiting = *pending;
  prepare_later(*call, waiting.input.request.get(), &waiting.prepared,
                [this, pending = std::move(pending)](const grpc::Status& status) {
                  if (!status.ok()) return pending->call->End(status);
                  Submit(pending);
                });
  return call;
}

void Surface::Submit(std::shared_ptr<Pending> pending) const {
  ledger::RequestInput& input = pending->input;
  Call* call = pending->call;
  input.refusal = std::move(pending->prepared.refusal);
  // The call lives until it is ended, which `done` alone does from here on.
  input.done = [this, call, response = pending->response, open = std::move(pending->open),
                warned = SerializeWithin(pending->prepared.warnings, kWarningsBytesMax)](
                   const ledger::Answer& answer) {
    AnswerWrite(call, answer, open, warned, response);
  };
  const absl::Status submitted = parts_.writer.Submit(std::move(input));
  if (!submitted.ok()) call->End(ToStatus(submitted));
}

grpc::Status Surface::FillIn(const Method& method, const ledger::Answer& answer,
                             Message* response) const {
  if (answer.refusal) return ToStatus(*answer.refusal);
  if (!answer.fault.ok()) return ToStatus(answer.fault);
  LEARNCITY_CHECK(answer.document != nullptr &&
                  answer.document->GetDescriptor() == response->GetDescriptor())
      << method.path << " does not answer with the document of its first change";
  response->CopyFrom(*answer.document);
  SetText(response, "etag", EtagOf(answer.document_version));
  return grpc::Status::OK;
}

void Surface::AnswerWrite(Call* call, const ledger::Answer& answer, const AnyOpen& open,
                          const std::string& warnings, Message* response) const {
  const grpc::Status decided = FillIn(call->method(), answer, response);
  if (!decided.ok()) return call->End(decided);
  if (auto opened = OpenPerson(*call, response, open, true); !opened.ok()) {
    telemetry::Log(telemetry::Level::kError, "personal_data_unavailable",
                   {{"method", call->method().path}, {"reason", opened.message()}});
  }
  call->AddTrailer("learncity-position", PositionText(answer));
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
