// Bytes that are no call of ours: gRPC itself refuses them, and nothing changes.
#include <future>

#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "platform/runtime/concat.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

using grpc::StatusCode;
using ::testing::AnyOf;

constexpr char kRegister[] = "/learncity.enrollment.v1.EnrollmentService/RegisterLearner";

// Bytes as they are to a method's path, which may be none.
grpc::Status SendBytes(const TestCity& city, const std::string& path, const std::string& bytes) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTime);
  context.AddMetadata("authorization", Concat("Bearer ", TokenOf("clerk")));
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> answered;
  grpc::GenericStub stub(city.NewChannel());
  stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response,
                 [&](grpc::Status status) { answered.set_value(std::move(status)); });
  return answered.get_future().get();
}

TEST(BadBytes, ChangeNothing) {
  TestCity city;
  const std::string heads = city.Heads();
  EXPECT_EQ(SendBytes(city, kRegister, std::string(size_t{2} << 20, 'x')).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  // Field 1 that claims more bytes than there are.
  const grpc::Status unparsable = SendBytes(city, kRegister, "\x0a\x7f!");
  EXPECT_FALSE(unparsable.ok());
  EXPECT_THAT(unparsable.error_code(), AnyOf(StatusCode::INTERNAL, StatusCode::UNIMPLEMENTED));
  EXPECT_EQ(SendBytes(city, Concat(kRegister, "Twice"), "").error_code(),
            StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(SendBytes(city, "/nobody.Service/Method", "").error_code(), StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(city.Heads(), heads);
}

TEST(BadBytes, OfTextThatIsNotUtf8AreRefused) {
  TestCity city;
  // learner { person { full_name: "\xff" } } and a request_id.
  const std::string person = std::string("\x0a\x01\xff", 3);
  const std::string learner = Concat("\x12\x03", person);
  const std::string bytes = Concat("\x0a\x05", learner, "\x12\x24", NewRequestId());
  const std::string heads = city.Heads();
  EXPECT_FALSE(SendBytes(city, kRegister, bytes).ok());
  EXPECT_EQ(city.Heads(), heads);
}

}  // namespace
}  // namespace learncity::contract
