// Against a server that answers late, in another order, or with what a test wants.
#include "services/learncity/import/row_sender.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "gmock/gmock.h"
#include "grpcpp/alarm.h"
#include "gtest/gtest.h"
#include "learncity/achievements/v1/achievements_service.grpc.pb.h"
#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/ledger/decision.h"
#include "platform/rpc/status.h"
#include "platform/runtime/mutex.h"
#include "platform/testing/read_file.h"
#include "platform/testing/temp_folder.h"
#include "platform/testing/text.h"

namespace learncity::importing {
namespace {

namespace ach = achievements::v1;
namespace reg = registry::v1;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kHeader[] = "kind,unit,subject,decision,valid_from,valid_to,scheme\n";

std::string Row(const std::string& subject, const std::string& decision = "1") {
  return Concat("family,00004,", subject, ",", decision, ",2026-01-01,2026-07-01,S\n");
}

// What is under way, by what it is about. From any thread.
class UnderWay {
 public:
  void Begin(const std::string& document) LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    overlapped_ = overlapped_ || !documents_.insert(document).second;
    most_ = std::max(most_, documents_.size());
    ++calls_;
  }
  void End(const std::string& document) LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    documents_.erase(document);
  }
  bool overlapped() LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    return overlapped_;
  }
  size_t most() LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    return most_;
  }
  size_t calls() LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    return calls_;
  }

 private:
  Mutex mutex_;
  std::set<std::string> documents_ LEARNCITY_GUARDED_BY(mutex_);
  bool overlapped_ LEARNCITY_GUARDED_BY(mutex_) = false;
  size_t most_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  size_t calls_ LEARNCITY_GUARDED_BY(mutex_) = 0;
};

// Ends a call a while after it began.
class Late final : public grpc::ServerUnaryReactor {
 public:
  Late(UnderWay& under_way, std::string document, const grpc::Status& status, milliseconds time)
      : under_way_(under_way), document_(std::move(document)) {
    under_way_.Begin(document_);
    alarm_.Set(std::chrono::system_clock::now() + time, [this, status](bool) {
      under_way_.End(document_);
      Finish(status);
    });
  }

 private:
  void OnDone() override { delete this; }

  UnderWay& under_way_;
  const std::string document_;
  grpc::Alarm alarm_;
};

class Recognitions final : public ach::AchievementsService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GrantRecognition(grpc::CallbackServerContext* context,
                                             const ach::GrantRecognitionRequest* request,
                                             ach::Recognition* response) override {
    const std::string& subject = request->recognition().subject();
    response->set_name("recognitions/" + subject);
    context->AddTrailingMetadata("learncity-position", "achievements/1/" + subject);
    const auto answer = answers.find(subject);
    // Who came first is answered last.
    const int number = std::stoi(subject);
    return new Late(under_way, subject, answer == answers.end() ? grpc::Status() : answer->second,
                    milliseconds(std::max(2, 20 - number)));
  }

  std::map<std::string, grpc::Status> answers;
  UnderWay under_way;
};

class Units final : public reg::RegistryService::CallbackService {
 public:
  grpc::ServerUnaryReactor* OpenUnit(grpc::CallbackServerContext*,
                                     const reg::OpenUnitRequest* request, reg::Unit*) override {
    return new Late(under_way, request->unit().code(), {}, milliseconds(1));
  }

  UnderWay under_way;
};

class RowSenderTest : public testing::Test {
 protected:
  RowSenderTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&recognitions_);
    builder.RegisterService(&units_);
    server_ = builder.BuildAndStart();
    checked_.places.AddUnit(FromText<reg::Unit>(R"(
        code: "00004" valid_from { year: 2025 month: 7 day: 1 })"));
  }
  ~RowSenderTest() override { server_->Shutdown(); }

  absl::Status Send(const char* kind, const std::string& file, SendOptions options = {}) {
    options.token = "token-of-a-promoter";
    std::istringstream checking(file), in(file);
    CsvReader reader(checking);
    CsvRow row;
    Finding fault;
    EXPECT_EQ(reader.Read(&row, &fault), CsvReader::Next::kRow);
    checked_.header = Header::Bind(*FindKind(kind), row, &checked_.findings);
    EXPECT_TRUE(checked_.header.has_value());
    checked_.rows = std::count(file.begin(), file.end(), '\n') - 1 + more_rows_;
    CsvWriter rejects(Path("rejects"), {}, {"subject", "reason"});
    CsvWriter names(Path("names"), {}, {"key", "name"});
    std::ostringstream unseen;
    demo::Progress progress(unseen, false);
    RowSender sender(in, checked_, options, DayOf(DateOf("2026-10-15")),
                     server_->InProcessChannel({}), rejects, names);
    const absl::Status sent = sender.Run(progress);
    EXPECT_TRUE(rejects.Commit().ok());
    EXPECT_TRUE(names.Commit().ok());
    counts_ = sender.counts();
    written_ = sender.written();
    return sent;
  }

  std::string Path(const std::string& name) const { return folder_ / name; }
  std::string ReadText(const std::string& name) const { return ReadFile(Path(name)); }

  const TempFolder folder_{"row_sender_test"};
  Recognitions recognitions_;
  Units units_;
  std::unique_ptr<grpc::Server> server_;
  Checked checked_;
  // Rows that are no longer in the file.
  int64_t more_rows_ = 0;
  SendCounts counts_;
  Written written_;
};

grpc::Status Refused(const std::string& reason) {
  return rpc::ToStatus(Refusal{.code = absl::StatusCode::kFailedPrecondition,
                               .domain = "achievements.learncity",
                               .reason = reason,
                               .message = "No, \"never\".",
                               .resource = ""});
}

TEST_F(RowSenderTest, SendsManyAtOnceAndNoMoreThanTheLimit) {
  std::string file = kHeader;
  for (int i = 1; i <= 40; ++i) file += Row(std::to_string(i));
  EXPECT_TRUE(Send("recognitions", file, {.in_flight_max = 8, .written_before = 30}).ok());
  EXPECT_EQ(counts_.done, 40);
  EXPECT_EQ(counts_.repeated, 30);
  EXPECT_EQ(written_.position, 40);
  EXPECT_GT(recognitions_.under_way.most(), 1u);
  EXPECT_LE(recognitions_.under_way.most(), 8u);
}

TEST_F(RowSenderTest, SendsRowsAboutTheSameDocumentOneAfterAnother) {
  std::string file = kHeader;
  for (int i = 1; i <= 10; ++i) file += Row(std::to_string(i)) + Row(std::to_string(i), "2");
  EXPECT_TRUE(Send("recognitions", file).ok());
  EXPECT_EQ(counts_.done, 20);
  EXPECT_FALSE(recognitions_.under_way.overlapped());
}

TEST_F(RowSenderTest, SendsUnitsOneAfterAnother) {
  std::string file = "code,display_name,type,valid_from\n";
  for (int i = 10; i < 30; ++i) file += Concat("000", i, ",Phường,ward,2025-07-01\n");
  EXPECT_TRUE(Send("units", file).ok());
  EXPECT_EQ(units_.under_way.calls(), 20u);
  EXPECT_EQ(units_.under_way.most(), 1u);
}

TEST_F(RowSenderTest, WritesRefusedRowsInTheFilesOrder) {
  std::string file = Concat("key,", kHeader);
  for (int i = 1; i <= 6; ++i) file += Concat("k", i, ",", Row(std::to_string(i)));
  recognitions_.answers = {{"2", Refused("SCORE_TOO_LOW")}, {"5", Refused("ALREADY_RECOGNISED")}};
  EXPECT_TRUE(Send("recognitions", file).ok());
  EXPECT_EQ(counts_.rejected, 2);
  EXPECT_EQ(counts_.reasons["SCORE_TOO_LOW"], 1);
  const std::string rejects = ReadText("rejects");
  EXPECT_THAT(rejects, HasSubstr("k2,family,00004,2,1,2026-01-01,2026-07-01,S,"
                                 "\"No, \"\"never\"\".\",SCORE_TOO_LOW\n"));
  EXPECT_LT(rejects.find("SCORE_TOO_LOW"), rejects.find("ALREADY_RECOGNISED"));
  EXPECT_EQ(ReadText("names"),
            "key,name\nk1,recognitions/1\nk3,recognitions/3\nk4,recognitions/4\nk6,"
            "recognitions/6\n");
}

TEST_F(RowSenderTest, EndsAtAFaultWithTheRowsLine) {
  std::string file = kHeader;
  for (int i = 1; i <= 500; ++i) file += Row(std::to_string(i));
  recognitions_.answers = {{"20", rpc::ToStatus(absl::PermissionDeniedError("not yours"))}};
  const absl::Status sent = Send("recognitions", file, {.in_flight_max = 4});
  EXPECT_EQ(sent.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(sent.message()), AllOf(HasSubstr("line 21"), HasSubstr("not yours")));
  EXPECT_LT(recognitions_.under_way.calls(), 40u);
}

TEST_F(RowSenderTest, EndsWhenTheFileIsNoLongerWhatWasChecked) {
  EXPECT_EQ(Send("recognitions", kHeader + Row("1") + "family,nowhere,2,1,x,y,S\n").code(),
            absl::StatusCode::kAborted);
  more_rows_ = 1;
  EXPECT_EQ(Send("recognitions", kHeader + Row("1")).code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace learncity::importing
