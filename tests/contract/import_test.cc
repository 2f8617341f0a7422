// `learncity import` as a process: files become what they say, once however often they are
// imported; what is refused can be corrected; what is wrong with a file is told before anything is
// sent.
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "platform/runtime/concat.h"
#include "platform/runtime/exit_code.h"
#include "platform/testing/read_file.h"
#include "platform/testing/text.h"
#include "tests/contract/process.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kLearners = 40;

// As a spreadsheet of Vietnam saves it: with a byte order mark, semicolons, Windows' line ends, and
// letters with marks of their own. A residential group stands below its ward.
constexpr char kUnits[] =
    "\xEF\xBB\xBF"
    "Mã đơn vị;Tên đơn vị;Loại đơn vị;Có từ ngày (dd/mm/yyyy);Trực thuộc\r\n"
    "00004;Phu\xCC\x9Bo\xCC\x9B\xCC\x80ng Ba Đi\xCC\x80nh;Phường;01/07/2025;\r\n"
    "\r\n"
    "00004-1;\"Tổ dân phố số 1; Ba Đình\";tổ dân phố;01/07/2025;00004\r\n"
    "00008;Phường Ngọc Hà;ward;1/7/2025;\r\n";

constexpr char kCenters[] =
    "key,display_name,kind,unit,code,valid_from,ownership\n"
    "clc,Trung tâm học tập cộng đồng phường Ba Đình,CLC,00004,C-0001,2025-07-01,công lập\n"
    "school,Trường Tiểu học Ngọc Hà,primary school,00008,P-0001,2025-09-01,public\n";

constexpr char kOfferings[] =
    "key,display_name,center,kind,start_date,end_date,seats\n"
    "sewing,May cơ bản,C-0001,community course,2026-10-01,2026-12-20,1000\n";

std::string Learners(int count) {
  std::string text = "mã riêng,họ và tên,ngày sinh,giới tính,nơi cư trú\n";
  for (int i = 1; i <= count; ++i) {
    text += Concat("HS-", i, ",Học viên ", i, " (mẫu),", 1960 + i, "-02,",
                   i % 2 == 0 ? "nam" : "nữ", ",00004\n");
  }
  return text;
}

std::string Enrollments(int count, const std::string& start_date = "2026-10-05") {
  std::string text = "learner,offering,start_date\n";
  for (int i = 1; i <= count; ++i) text += Concat("HS-", i, ",sewing,", start_date, "\n");
  return text;
}

class Import : public testing::Test {
 protected:
  ~Import() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    return path;
  }
  std::string City() const { return folder_ / "city"; }

  Ended Run(const std::string& kind, const std::string& path,
            const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        "import", kind, path, "--folder", City(), "--data", LEARNCITY_SOURCE_DIR "/data"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Learncity(arguments);
  }

  // Imports with --json and expects this exit code; what it answered.
  json Imported(const std::string& kind, const std::string& path, int exit_code = 0,
                std::vector<std::string> more = {}) const {
    more.push_back("--json");
    const Ended ended = Run(kind, path, more);
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err << ended.out;
    auto answer = json::parse(ended.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(answer.is_object()) << ended.out << ended.err;
    return answer;
  }

  // Where every ledger and follower stands.
  std::string Heads() const {
    const Ended status =
        Learncity({"status", "--folder", City(), "--data", LEARNCITY_SOURCE_DIR "/data", "--json"});
    EXPECT_EQ(status.exit_code, 0) << status.err;
    return status.out;
  }
  int64_t Position(const std::string& service) const {
    const auto status = json::parse(Heads(), nullptr, /*allow_exceptions=*/false);
    for (const json& one : status["services"]) {
      if (one["service"] == service) return one["position"];
    }
    return -1;
  }

  // Imports units, centers, learners and the offering, and gives the names files for what follows.
  std::vector<std::string> Prepare(int learners = kLearners) {
    EXPECT_EQ(Imported("units", Write("units.csv", kUnits))["done"], 3);
    const json centers = Imported("centers", Write("centers.csv", kCenters));
    EXPECT_EQ(centers["done"], 2);
    const json registered = Imported("learners", Write("learners.csv", Learners(learners)));
    EXPECT_EQ(registered["done"], learners);
    const json offerings = Imported("offerings", Write("offerings.csv", kOfferings));
    EXPECT_EQ(offerings["done"], 1);
    return {"--names", registered["names_file"].get<std::string>(), "--names",
            offerings["names_file"].get<std::string>()};
  }

  const fs::path folder_ = NewFolder("import");
};

TEST_F(Import, HappensOnceHoweverOftenAFileIsImported) {
  const auto names = Prepare();
  const std::string enrollments = Write("enrollments.csv", Enrollments(kLearners));
  const json first = Imported("enrollments", enrollments, 0, names);
  EXPECT_EQ(first["rows"], kLearners);
  EXPECT_EQ(first["done"], kLearners);
  EXPECT_EQ(first["repeated"], 0);
  const std::string heads = Heads();

  EXPECT_EQ(Imported("units", folder_ / "units.csv")["repeated"], 3);
  EXPECT_EQ(Imported("centers", folder_ / "centers.csv")["repeated"], 2);
  EXPECT_EQ(Imported("learners", folder_ / "learners.csv")["repeated"], kLearners);
  EXPECT_EQ(Imported("offerings", folder_ / "offerings.csv")["repeated"], 1);
  EXPECT_EQ(Imported("enrollments", enrollments, 0, names)["repeated"], kLearners);
  EXPECT_EQ(Heads(), heads);
  ExpectVerified(City());
}

TEST_F(Import, GoesOnAfterOneThatWasCutShort) {
  Prepare(kLearners / 2);
  const int64_t half = Position("enrollment");
  const std::string keys = ReadFile(folder_ / "learners.csv.names.csv");
  // The same file, of which only the first half had been sent; saved by another program since.
  std::string all = Learners(kLearners);
  for (size_t at = 0; (at = all.find('\n', at)) != std::string::npos; at += 2) all.insert(at, "\r");
  const json answer = Imported("learners", Write("learners.csv", all));
  EXPECT_EQ(answer["done"], kLearners);
  EXPECT_EQ(answer["repeated"], kLearners / 2);
  EXPECT_EQ(Position("enrollment"), half + kLearners / 2);
  EXPECT_THAT(ReadFile(folder_ / "learners.csv.names.csv"), HasSubstr(keys));
  struct stat found {};
  ASSERT_EQ(::stat((folder_ / "learners.csv.names.csv").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(Import, PutsRefusedRowsIntoAFileThatCanBeCorrectedAndImported) {
  const auto names = Prepare();
  std::string text = Enrollments(kLearners);
  text.replace(text.find("HS-7,sewing,2026-10-05") + 12, 10, "2027-10-05");
  const std::string path = Write("enrollments.csv", text);
  const json answer = Imported("enrollments", path, runtime::kExitDataRefused, names);
  EXPECT_EQ(answer["done"], kLearners - 1);
  EXPECT_EQ(answer["rejected"], 1);
  EXPECT_EQ(answer["reasons"]["DATE_OUTSIDE_OFFERING"], 1);
  const std::string rejects = answer["reject_file"];
  std::string rejected = ReadFile(rejects);
  EXPECT_THAT(rejected, AllOf(HasSubstr("learner,offering,start_date,error,reason\n"),
                              HasSubstr("HS-7,sewing,2027-10-05,"),
                              HasSubstr(",DATE_OUTSIDE_OFFERING\n"), Not(HasSubstr("HS-8"))));

  // As it is, it is refused as before; corrected, it is done.
  EXPECT_EQ(Imported("enrollments", rejects, runtime::kExitDataRefused, names)["rejected"], 1);
  rejected.replace(rejected.find("2027"), 4, "2026");
  Write("enrollments.csv.rejected.csv", rejected);
  const json corrected = Imported("enrollments", rejects, 0, names);
  EXPECT_EQ(corrected["done"], 1);
  EXPECT_EQ(corrected["repeated"], 0);
  EXPECT_EQ(corrected["reject_file"], "");
  ExpectVerified(City());
}

TEST_F(Import, OfADryRunChangesNothing) {
  Prepare();
  const std::string heads = Heads();
  const std::string more = Write("more.csv", "sex,nơi cư trú\nnữ,00008\nnam,00004\n");
  const Ended dry = Run("learners", more, {"--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("2 rows"), HasSubstr("nothing was sent")));
  EXPECT_EQ(Heads(), heads);
  // What a row names is looked up all the same.
  const std::string unknown = Write("unknown.csv", "sex,nơi cư trú\nnữ,00009\n");
  EXPECT_EQ(Imported("learners", unknown, runtime::kExitDataRefused,
                     {"--dry-run"})["findings"][0]["rule"],
            "UNKNOWN_UNIT");
  EXPECT_EQ(Heads(), heads);
}

TEST_F(Import, OfADryRunMakesNoCity) {
  const Ended dry = Run("units", Write("units.csv", kUnits), {"--dry-run"});
  EXPECT_EQ(dry.exit_code, runtime::kExitDataRefused);
  EXPECT_THAT(dry.err, HasSubstr("there is no city"));
  EXPECT_FALSE(fs::exists(City() + "/registry.ledger"));
}

TEST_F(Import, IntoAClosedCenterIsRejectedByRow) {
  const auto names = Prepare();
  {
    Served city(City());
    const auto channel = city.NewChannel();
    registry::v1::ListCentersRequest list;
    const Reply centers = Send(channel, list, TokenOf("registrar"));
    ASSERT_TRUE(centers.ok());
    registry::v1::CloseCenterRequest close;
    for (const auto& center : centers.As<registry::v1::ListCentersResponse>().centers()) {
      if (center.code() == "C-0001") close.set_name(center.name());
    }
    *close.mutable_valid_to() = DateOf("2026-11-01");
    Name(&close);
    EXPECT_TRUE(Send(channel, close, TokenOf("registrar")).ok());
    EXPECT_EQ(city.Stop(), 0);
  }
  std::string text = Enrollments(3);
  text.replace(text.find("HS-2,sewing,2026-10-05") + 12, 10, "2026-11-05");
  const json enrolled =
      Imported("enrollments", Write("enrollments.csv", text), runtime::kExitDataRefused, names);
  EXPECT_EQ(enrolled["done"], 2);
  EXPECT_EQ(enrolled["reasons"]["CENTER_NOT_OPEN"], 1) << enrolled;
  EXPECT_THAT(ReadFile(folder_ / "enrollments.csv.rejected.csv"),
              AllOf(HasSubstr("HS-2,sewing,2026-11-05,"), HasSubstr(",CENTER_NOT_OPEN\n")));

  const json opened = Imported("offerings",
                               Write("late.csv",
                                     "display_name,center,kind,start_date,end_date,seats\n"
                                     "Thêu,C-0001,chuyên đề,2026-10-01,2026-12-20,10\n"
                                     "Đan,C-0001,chuyên đề,2026-10-01,2026-10-31,10\n"),
                               runtime::kExitDataRefused);
  EXPECT_EQ(opened["done"], 1);
  EXPECT_EQ(opened["reasons"]["CENTER_NOT_OPEN"], 1);
  ExpectVerified(City());
}

TEST_F(Import, TellsEverythingThatIsWrongWithAFileAndSendsNothing) {
  Prepare();
  const std::string heads = Heads();
  const std::string path = Write("bad.csv",
                                 "full_name,birth_date (dd/mm/yyyy),sex,unit\n"
                                 "A,31/02/2015,nam,00004\n"
                                 "B,01/02/2015,boy,00009\n"
                                 "C,01/02/2015,\"nam\n");
  const Ended ended = Run("learners", path);
  EXPECT_EQ(ended.exit_code, runtime::kExitDataRefused);
  for (const char* said : {"bad.csv:2:2: birth_date (dd/mm/yyyy): IMPOSSIBLE_DATE: ",
                           "bad.csv:3:3: sex: UNKNOWN_WORD: ", "bad.csv:3:4: unit: UNKNOWN_UNIT: ",
                           "bad.csv:4:3: sex: BROKEN_QUOTATION: ", "4 things are wrong with "}) {
    EXPECT_THAT(ended.err, HasSubstr(said));
  }
  EXPECT_EQ(Heads(), heads);
  const std::string unknown = Write("column.csv", "surname\nA\n");
  EXPECT_EQ(Imported("learners", unknown, runtime::kExitDataRefused)["findings"][0]["rule"],
            "UNKNOWN_COLUMN");
}

TEST_F(Import, OfAwardsAndRecognitionsKeepsTheOrderOfASubject) {
  const auto names = Prepare();
  const json awards =
      Imported("awards",
               Write("awards.csv",
                     "level,competition,subject,year,rank,learners,center\n"
                     "quốc gia,Kỳ thi học sinh giỏi,Toán,2025,giải nhì,HS-1,P-0001\n"
                     "quốc tế,IMO,Toán,2025,huy chương vàng,HS-2,\n"),
               0, names);
  EXPECT_EQ(awards["done"], 2);
  // Two periods of one family: the later one is refused unless the earlier one stands.
  std::string text = "kind,unit,subject,decision,valid_from,valid_to,score,scheme\n";
  for (int family = 1; family <= 10; ++family) {
    text += Concat("gia đình học tập,00004,", family, ",1/QĐ,2025-07-01,2026-01-01,90,QĐ 324\n");
    text += Concat("learning family,00004,", family, ",2/QĐ,2026-01-01,2026-07-01,90,QĐ 324\n");
  }
  const json granted = Imported("recognitions", Write("recognitions.csv", text));
  EXPECT_EQ(granted["done"], 20);
  ExpectVerified(City());
}

// The figures of a unit are marked as long as the number that they are divided by is an estimate.
// The file is as such tables are published: with columns that nobody asks for, and no day.
TEST_F(Import, OfPopulationTakesThePlaceOfAnEstimate) {
  Prepare();
  const auto by_unit = [&] {
    const Ended ended =
        Learncity({"report", "--folder", City(), "--data", LEARNCITY_SOURCE_DIR "/data", "--as-of",
                   "2026-07-01", "--json"});
    std::map<std::string, std::string> figures;
    const json content = json::parse(ended.out, nullptr, /*allow_exceptions=*/false);
    for (const json& evaluation : content["evaluations"]) {
      if (evaluation["indicator"] != "indicators/KF-5.1-a") continue;
      for (const json& figure : evaluation["figures"]) {
        if (!figure["byUnit"].get<bool>()) continue;
        const std::string status = figure["status"];
        figures[figure["unit"]] = Concat(figure["denominator"].get<std::string>(), " ",
                                         status.substr(status.rfind('_') + 1));
      }
    }
    return figures;
  };
  using Figures = std::map<std::string, std::string>;
  const std::string ba_dinh = "units/00004-20250701", ngoc_ha = "units/00008-20250701";
  EXPECT_EQ(by_unit(), Figures({{ba_dinh, "0 MISSING"}, {ngoc_ha, "0 MISSING"}}));
  const std::string guess = Write("guess.csv",
                                  "code,population,date,source,is_estimated\n"
                                  "00004,1111,2025-07-01,a guess,yes\n"
                                  "00008,2222,2025-07-01,a guess,yes\n");
  EXPECT_EQ(Imported("population", guess)["done"], 2);
  EXPECT_EQ(by_unit(), Figures({{ba_dinh, "1111 ESTIMATED"}, {ngoc_ha, "2222 ESTIMATED"}}));

  const std::string published = Write("published.csv",
                                      "code,name_with_type,area_km2,population,admin_centre\n"
                                      "00004,Phường Ba Đình,2.5,1234,\"Số 1, phố Mẫu\"\n"
                                      "00008,Phường Ngọc Hà,2.5,2345,\"Số 2, phố Mẫu\"\n");
  const json without = Imported("population", published, runtime::kExitDataRefused);
  EXPECT_EQ(without["findings"][0]["rule"], "MISSING_COLUMN");
  EXPECT_THAT(without["findings"][0]["what"].get<std::string>(), HasSubstr("give --date"));
  const std::vector<std::string> given = {"--date", "2025-07-01", "--source", "a dossier"};
  EXPECT_EQ(Imported("population", published, 0, given)["done"], 2);
  EXPECT_EQ(by_unit(), Figures({{ba_dinh, "1234 NORMAL"}, {ngoc_ha, "2345 NORMAL"}}));
  EXPECT_EQ(Imported("population", published, 0, given)["repeated"], 2);
  ExpectVerified(City());
}

TEST_F(Import, IntoAServerThatRunsIsTheSame) {
  TestCity city;
  std::string tokens;
  for (const char* role : {"registrar", "clerk", "statistician"}) {
    tokens += Concat(TokenOf(role), " ", role, "-1 ", role, "\n");
  }
  const std::string token_file = Write("tokens.txt", tokens);
  const auto import_into = [&](const std::string& kind, const std::string& path,
                               const std::string& file) {
    return Learncity({"import", kind, path, "--address", Concat("127.0.0.1:", city.port()),
                      "--token-file", file, "--json"});
  };
  const std::string units = Write("units.csv", kUnits);
  EXPECT_EQ(import_into("units", units, token_file).exit_code, 0);
  EXPECT_EQ(import_into("learners", Write("learners.csv", Learners(5)), token_file).exit_code, 0);
  const std::string heads = city.Heads();
  EXPECT_EQ(city.Position("registry"), 3);
  EXPECT_EQ(city.Position("enrollment"), 5);
  const Ended again = import_into("units", units, token_file);
  EXPECT_EQ(json::parse(again.out, nullptr, false)["repeated"], 3) << again.out;
  EXPECT_EQ(city.Heads(), heads);

  const Ended stranger = import_into("units", units, Write("token.txt", "token-of-nobody-here\n"));
  EXPECT_EQ(stranger.exit_code, runtime::kExitConfig) << stranger.err;
  const Ended forbidden = import_into("units", units, Write("token.txt", TokenOf("statistician")));
  EXPECT_EQ(forbidden.exit_code, runtime::kExitConfig) << forbidden.err;
  EXPECT_EQ(city.Heads(), heads);
  const std::string gone = Concat("127.0.0.1:", city.port());
  city.Stop();
  const Ended nobody =
      Learncity({"import", "units", units, "--address", gone, "--token-file", token_file});
  EXPECT_EQ(nobody.exit_code, runtime::kExitUnavailable) << nobody.err;
}

}  // namespace
}  // namespace learncity::contract
