// What a service's gRPC class is made of, so that each of its methods is one line:
//
//   grpc::ServerUnaryReactor* EnrollLearner(grpc::CallbackServerContext* context,
//                                           const EnrollLearnerRequest* request,
//                                           Enrollment* response) override {
//     return surface_.Write(context, request, response);
//   }
//
// Resources have the fields that the AIPs name: `name`, `etag`, and, where there is personal data,
// `person` beside `sealed_person`. Answers never hold `sealed_person`. `person` is filled by a
// hook, which is called only for callers who hold "<service>.persons.read"; each time, a log line
// "personal_data_opened" says who opened whose data by which method.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/grpcpp.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/writer.h"
#include "platform/rpc/gate.h"
#include "platform/rpc/row_stream.h"
#include "platform/rpc/status.h"
#include "platform/telemetry/metrics.h"

namespace learncity::rpc {

// Fills `person` from `sealed_person`. Absent personal data, as of an erased person, is no fault.
template <class Resource>
using Open = std::function<absl::Status(const Call&, Resource* resource)>;

// What preparing found beside the request itself.
struct Prepared {
  google::rpc::BadRequest warnings;
  // The answer of the turn, unless the request repeats one that was answered: what stands against
  // it now may be what has become of its own effect.
  std::optional<Refusal> refusal;
};

// Work before a write's turn, outside of it: checks of personal fields, sealing. It may change the
// request, add warnings, refuse, and stop the call with any status but OK, made by ToStatus. It
// runs after the request's hash is taken, on gRPC's thread, and runs again when a request is
// repeated.
template <class Request>
using Prepare = std::function<grpc::Status(const Call&, Request* request, Prepared* prepared)>;

// What the rule decides over in place of the request, where the surface must compute something for
// it first. Runs as Prepare does, after it.
template <class Request>
using Substitute = std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(
    const Call&, const Request& request)>;

// The same for work that shares its cost with others', as one sync for many keys. It runs after
// Prepare, returns at once, and calls `done` exactly once, from any thread; until then the request
// and what was prepared stay where they are.
template <class Request>
using PrepareLater = std::function<void(const Call&, Request* request, Prepared* prepared,
                                        std::function<void(const grpc::Status&)> done)>;

template <class Request, class Resource>
struct WriteHooks {
  Prepare<Request> prepare;
  PrepareLater<Request> prepare_later;
  Substitute<Request> substitute;
  // Runs on the writer's thread: only for what is in memory. When it fails the write stands, and is
  // answered without `person`.
  Open<Resource> open;
};

template <class Resource>
struct GetHooks {
  Open<Resource> open;
};

// Fills in what a read is asked for beyond what is stored, as the place on a day. Runs before
// `read_mask` is applied.
template <class Request, class Resource>
using Complete = std::function<absl::Status(const Request&, Resource* resource)>;

// Which rows a list is made of.
struct Selection {
  // Only rows with this value in a declared column; empty is all.
  std::string column;
  ledger::Value value;
  // In place of a value: only rows whose column begins so.
  std::string prefix;
  // Leaves out rows it is false for; pages then hold fewer than page_size. Empty keeps all.
  std::function<bool(const google::protobuf::Message& resource)> keep;
};

template <class Request>
using Select = std::function<Selection(const Request&)>;

// The parts a surface works with; all outlive it.
struct SurfaceParts {
  ledger::Writer& writer;
  ledger::Readers& readers;
  const ledger::Schema& schema;
  const Tokens& tokens;
  telemetry::Registry& metrics;
  Clock clock;
  // Keyed hash of 32 bytes, the same on every replica of the service; called from any thread.
  std::function<std::string(std::string_view bytes)> request_hash;
  // What callers hold whose scope is narrower than the city; without it, nothing.
  Within within = {};
};

// Constant after construction; used from any thread. Outlives the server; while calls are under way
// the writer must be driven, or abandoned, so that each is answered.
class Surface {
 public:
  // `service` is the full name, as EnrollmentService::service_full_name() gives it.
  Surface(const std::string& service, SurfaceParts parts);

  // A write method: its request has `request_id`, its response is the resource of the decision's
  // first change. Trailing metadata: learncity-position, `<feed>/<epoch>/<position>`, and
  // learncity-warnings-bin, a google.rpc.BadRequest, when there are warnings.
  template <class Request, class Resource>
  grpc::ServerUnaryReactor* Write(grpc::CallbackServerContext* context, const Request* request,
                                  Resource* response,
                                  WriteHooks<Request, Resource> hooks = {}) const {
    AnyPrepare prepare;
    if (hooks.prepare || hooks.substitute) {
      prepare = [hooks](const Call& call, std::unique_ptr<Message>& message,
                        Prepared* prepared) -> grpc::Status {
        auto* typed = static_cast<Request*>(message.get());
        if (hooks.prepare) {
          if (auto status = hooks.prepare(call, typed, prepared); !status.ok()) return status;
        }
        if (!hooks.substitute || prepared->refusal) return grpc::Status::OK;
        auto substitute = hooks.substitute(call, *typed);
        if (!substitute.ok()) return ToStatus(substitute.status());
        message = std::move(*substitute);
        return grpc::Status::OK;
      };
    }
    AnyPrepareLater prepare_later;
    if (hooks.prepare_later) {
      prepare_later = [later = std::move(hooks.prepare_later)](
                          const Call& call, Message* message, Prepared* prepared,
                          std::function<void(const grpc::Status&)> done) {
        later(call, static_cast<Request*>(message), prepared, std::move(done));
      };
    }
    return WriteAny(context, *request, response, prepare, prepare_later,
                    Erase(std::move(hooks.open)));
  }

  // A stream of writes: the one field of a Row is the request of a method of this service that
  // needs no hooks. Its result is what that method answers, under the same request_id: a row and a
  // call that repeat each other happen once. A Result has `request_id`, the resource, and `error`,
  // a google.rpc.Status. Trailing metadata: learncity-position, of the last row in the feed.
  template <class Row, class Result>
  grpc::ServerBidiReactor<Row, Result>* WriteRows(grpc::CallbackServerContext* context) const {
    return new RowReactor<Row, Result>(context, gate_, *row_streams_,
                                       [this](RowStream& stream, const Message& row) {
                                         WriteRow(stream, row, std::make_unique<Result>());
                                       });
  }
  // Before the server stops, so that no stream holds it up: see RowStreams.
  void EndStreams() const { row_streams_->End(); }

  // A read by `name`, with `read_mask` if the request has one.
  template <class Request, class Resource>
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const Request* request,
                                Resource* response, GetHooks<Resource> hooks = {},
                                const Complete<Request, Resource>& complete = {}) const {
    const AnyOpen open = Erase(std::move(hooks.open));
    AnyComplete completed;
    if (complete) {
      completed = [&](Message* resource) {
        return complete(*request, static_cast<Resource*>(resource));
      };
    }
    return gate_.Answer(context, request, response,
                        [&](const Call& call, const Message& asked, Message* answer) {
                          return GetAny(call, asked, answer, open, completed);
                        });
  }

  // A page of resources in the order of their ids, without those that are outside of the caller's
  // scope unless the method is public; the request has `page_size` and `page_token`,
  // the response one repeated field and `next_page_token`. Never with personal data.
  template <class Request, class Response>
  grpc::ServerUnaryReactor* List(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response, const Select<Request>& select = {}) const {
    return gate_.Answer(context, request, response,
                        [&](const Call& call, const Request& asked, Message* answer) {
                          return ListAny(call, asked, answer, select ? select(asked) : Selection{});
                        });
  }

  // For methods of other shapes: gate().Answer(…).
  const Gate& gate() const { return gate_; }

 private:
  using Message = google::protobuf::Message;
  using AnyPrepare = std::function<grpc::Status(const Call&, std::unique_ptr<Message>& request,
                                                Prepared* prepared)>;
  using AnyPrepareLater = PrepareLater<Message>;
  using AnyOpen = std::function<absl::Status(const Call&, Message*)>;
  // A write between its call and its turn.
  struct Pending;
  using AnyComplete = std::function<absl::Status(Message*)>;

  template <class Resource>
  static AnyOpen Erase(Open<Resource> open) {
    if (!open) return {};
    return [open = std::move(open)](const Call& call, Message* resource) {
      return open(call, static_cast<Resource*>(resource));
    };
  }

  grpc::ServerUnaryReactor* WriteAny(grpc::CallbackServerContext* context, const Message& request,
                                     Message* response, const AnyPrepare& prepare,
                                     const AnyPrepareLater& prepare_later, AnyOpen open) const;
  void Submit(std::shared_ptr<Pending> pending) const;
  // The input of a call's turn, but for `done`.
  ledger::RequestInput NewInput(const AnyCall& call, const Method& method,
                                const Message& request) const;
  std::string PositionText(const ledger::Answer& answer) const;
  void WriteRow(RowStream& stream, const Message& row, std::unique_ptr<Message> result) const;
  // What a turn has decided: its document as a resource, with its etag, or why there is none.
  grpc::Status FillIn(const Method& method, const ledger::Answer& answer, Message* response) const;
  void AnswerWrite(Call* call, const ledger::Answer& answer, const AnyOpen& open,
                   const std::string& warnings, Message* response) const;
  grpc::Status GetAny(const Call& call, const Message& request, Message* response,
                      const AnyOpen& open, const AnyComplete& complete) const;
  grpc::Status ListAny(const Call& call, const Message& request, Message* response,
                       const Selection& selection) const;
  // Opens what the caller may see, drops what is sealed, and says in the log what was opened.
  absl::Status OpenPerson(const Call& call, Message* resource, const AnyOpen& open,
                          bool wanted) const;

  const SurfaceParts parts_;
  const Gate gate_;
  const std::unique_ptr<RowStreams> row_streams_ = std::make_unique<RowStreams>();
  // "enrollment.persons.read".
  const std::string open_permission_;
};

}  // namespace learncity::rpc
