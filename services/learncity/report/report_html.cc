#include "services/learncity/report/report_html.h"

#include <array>
#include <charconv>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "services/learncity/report/report_words.h"

namespace learncity {
namespace {

using reporting::v1::Evaluation;
using reporting::v1::Figure;
using reporting::v1::IndicatorDefinition;
using reporting::v1::ReportSection;

constexpr char kStyle[] =
    "body{font:15px/1.5 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;color:#1b2733;"
    "background:#fff;max-width:62rem;margin:2rem auto;padding:0 1.2rem}"
    "h1{font-size:1.7rem;line-height:1.25;margin:0 0 .3rem}"
    "h2{font-size:1.15rem;line-height:1.35;margin:0}"
    "[lang=en]{color:#55677a}"
    "section{border-top:2px solid #1f5f8b;margin-top:2.2rem;padding-top:.9rem}"
    ".value{font-size:2.1rem;font-weight:600;color:#1f5f8b;margin:.5rem 0 0}"
    ".value small{font-size:.95rem;font-weight:400;color:#55677a}"
    ".synthetic{background:#fff4d6;border:1px solid #e0b84c;border-radius:4px;padding:.5rem .8rem}"
    "table{border-collapse:collapse;width:100%;margin:.8rem 0;font-size:.88rem}"
    "th,td{text-align:left;vertical-align:top;padding:.28rem .5rem;border-bottom:1px solid #dbe2e8}"
    "th{font-weight:600;background:#f2f6f9}th [lang=en]{font-weight:400}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "tr.total td{font-weight:600}"
    "dl{display:grid;grid-template-columns:10rem 1fr;gap:.2rem 1rem;font-size:.88rem;margin:.6rem "
    "0}"
    "dt{color:#55677a}dd{margin:0}code{font-size:.8rem;overflow-wrap:anywhere}"
    "@media print{@page{size:A4;margin:16mm}body{margin:0;max-width:none;padding:0;font-size:11px}"
    "tr,dl{break-inside:avoid}h2,.value{break-after:avoid}thead{display:table-header-group}}";

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// Vietnamese, and English behind it.
std::string Both(const Words& words) {
  return Concat(Escaped(words.vi), " <span lang=en>· ", Escaped(words.en), "</span>");
}

// Groups of three digits, with narrow spaces: read alike in both languages.
std::string Grouped(std::string digits) {
  const size_t sign = digits.starts_with('-') ? 1 : 0;
  for (size_t at = digits.size(); at > sign + 3;) {
    at -= 3;
    digits.insert(at, "\u202f");
  }
  return digits;
}

std::string Fixed(double number, int decimals) {
  std::array<char, 400> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 std::chars_format::fixed, decimals);
  return std::string(text.data(), end.ptr);
}

std::string ValueText(const Figure& figure, const std::string& unit) {
  if (figure.status() == reporting::v1::OBSERVATION_STATUS_MISSING) return "–";
  if (unit == "PER") return Grouped(Fixed(figure.value(), 0));
  return unit == "PT" ? Concat(Fixed(figure.value(), 2), " %") : Fixed(figure.value(), 4);
}

std::string Cell(const std::string& html) { return Concat("<td>", html, "</td>"); }
std::string Number(const std::string& html) { return Concat("<td class=n>", html, "</td>"); }
std::string Heading(const Words& words) { return Concat("<th>", Both(words), "</th>"); }
std::string Term(const Words& words, const std::string& html) {
  return Concat("<dt>", Both(words), "</dt><dd>", html, "</dd>\n");
}
std::string Hex(const std::string& bytes) {
  return Concat("<code>", absl::BytesToHexString(bytes), "</code>");
}

const IndicatorDefinition& DefinitionOf(const ReportPage& page, const Evaluation& evaluation) {
  for (const IndicatorDefinition& definition : page.catalogue.indicators()) {
    if (Concat("indicators/", definition.code()) == evaluation.indicator()) return definition;
  }
  return IndicatorDefinition::default_instance();
}

// Of what the figure is, in the order in which a definition may split; the total is of all.
Words SplitWords(const Figure& figure) {
  std::vector<Words> parts;
  if (figure.by_isced_level()) parts.push_back(LevelWords(figure.isced_level()));
  if (figure.by_sex()) parts.push_back(SexWords(figure.sex()));
  if (figure.by_center_kind()) parts.push_back(CenterKindWords(figure.center_kind()));
  if (figure.by_credential_kind()) parts.push_back(CredentialWords(figure.credential_kind()));
  if (parts.empty()) return {"Tổng", "Total"};
  Words all;
  for (const Words& part : parts) {
    all.vi += Concat(all.vi.empty() ? "" : ", ", part.vi);
    all.en += Concat(all.en.empty() ? "" : ", ", part.en);
  }
  return all;
}

std::string UnitText(const ReportPage& page, const Figure& figure) {
  if (figure.unit().empty()) {
    return Both({"Không thuộc đơn vị nào trong ngày", "In no unit of the date"});
  }
  const auto found = page.unit_names.find(figure.unit());
  return Escaped(found == page.unit_names.end() ? figure.unit() : found->second);
}

std::string FigureRow(const ReportPage& page, const Figure& figure, const std::string& unit,
                      bool divides) {
  const bool is_total = !figure.by_isced_level() && !figure.by_sex() && !figure.by_center_kind() &&
                        !figure.by_credential_kind() && !figure.by_unit();
  return Concat(is_total ? "<tr class=total>" : "<tr>",
                Cell(figure.by_unit() ? UnitText(page, figure) : Both(SplitWords(figure))),
                Number(figure.observation().empty() ? Grouped(Concat(figure.numerator())) : "–"),
                Number(divides ? Grouped(Concat(figure.denominator())) : "–"),
                Number(ValueText(figure, unit)), Cell(Both(StatusWords(figure.status()))),
                Number(Concat(Fixed(100 * figure.coverage(), 1), " %")),
                Cell(Escaped(figure.comment())), "</tr>\n");
}

std::string TableOf(const std::string& rows) {
  return Concat("<table><thead><tr>", Heading({"Đối tượng", "Of"}), Heading({"Tử số", "Numerator"}),
                Heading({"Mẫu số", "Denominator"}), Heading({"Giá trị", "Value"}),
                Heading({"Trạng thái", "Status"}), Heading({"Độ phủ", "Coverage"}),
                Heading({"Ghi chú", "Comment"}), "</tr></thead><tbody>\n", rows,
                "</tbody></table>\n");
}

// The units are many, and folded away.
std::string FigureTables(const ReportPage& page, const Evaluation& evaluation,
                         const std::string& unit, bool divides) {
  std::string rows, unit_rows;
  int units = 0;
  for (const Figure& figure : evaluation.figures()) {
    const std::string row = FigureRow(page, figure, unit, divides);
    (figure.by_unit() ? unit_rows : rows) += row;
    units += figure.by_unit();
  }
  if (units == 0) return TableOf(rows);
  return Concat(TableOf(rows), "<details><summary>",
                Both({"Theo đơn vị hành chính", "By administrative unit"}), " (", units,
                ")</summary>\n", TableOf(unit_rows), "</details>\n");
}

std::string DateText(const google::type::Date& date) {
  const auto day = ToDay(date);
  return day ? FormatDay(*day) : "–";
}

std::string Section(const ReportPage& page, const Evaluation& evaluation) {
  const IndicatorDefinition& definition = DefinitionOf(page, evaluation);
  const bool divides = definition.divisor_case() != IndicatorDefinition::DIVISOR_NOT_SET;
  const std::string code = definition.code().empty() ? evaluation.indicator() : definition.code();
  std::string html = Concat("<section>\n<h2>", Escaped(definition.title_vi()), "<br><span lang=en>",
                            Escaped(definition.title_en()), "</span></h2>\n");
  if (evaluation.figures_size() > 0) {
    html += Concat("<p class=value>", ValueText(evaluation.figures(0), definition.unit_measure()),
                   " <small>", Both(UnitWords(definition.unit_measure())), "</small></p>\n");
  }
  html += Concat(
      "<dl>", Term({"Mã chỉ số", "Code"}, Escaped(code)),
      Term({"Tính đến", "As of"}, DateText(evaluation.as_of())),
      Term({"Công thức", "Formula"}, Escaped(definition.formula_en())),
      Term({"Nguồn định nghĩa", "Source"}, Escaped(definition.source())),
      Term({"Xác minh", "Verification"}, Both(VerificationWords(definition.verification()))));
  if (!evaluation.denominator_source().empty()) {
    html += Term({"Mẫu số", "Denominator"}, Escaped(evaluation.denominator_source()));
  }
  html += Term({"Số ô đã đọc", "Cells read"}, Grouped(Concat(evaluation.cells())));
  return Concat(html, "</dl>\n", FigureTables(page, evaluation, definition.unit_measure(), divides),
                "</section>\n");
}

const Evaluation* FindEvaluation(const ReportPage& page, const std::string& code) {
  for (const Evaluation& evaluation : page.content.evaluations()) {
    if (evaluation.indicator() == Concat("indicators/", code)) return &evaluation;
  }
  return nullptr;
}

// The totals that back a text, one line each.
std::string BackingFigures(const ReportPage& page, const ReportSection& section) {
  std::string html;
  for (const std::string& code : section.indicators()) {
    const Evaluation* evaluation = FindEvaluation(page, code);
    if (evaluation == nullptr || evaluation->figures().empty()) continue;
    const IndicatorDefinition& definition = DefinitionOf(page, *evaluation);
    const Figure& total = evaluation->figures(0);
    html += Concat("<tr>", Cell(Escaped(code)),
                   Cell(Both({definition.title_vi(), definition.title_en()})),
                   Number(ValueText(total, definition.unit_measure())),
                   Cell(Both(StatusWords(total.status()))), "</tr>\n");
  }
  return html.empty() ? html : Concat("<table><tbody>\n", html, "</tbody></table>\n");
}

// A text, with empty lines between its paragraphs.
std::string TextSection(const ReportPage& page, const ReportSection& section) {
  std::string html = Concat("<section>\n<h2>", Escaped(section.title()), "</h2>\n");
  const std::vector<std::string> paragraphs =
      absl::StrSplit(section.text(), "\n\n", absl::SkipEmpty());
  for (const std::string& paragraph : paragraphs) {
    html += Concat("<p>", Escaped(paragraph), "</p>\n");
  }
  return Concat(html, BackingFigures(page, section), "</section>\n");
}

// What was entered by hand, and on what it rests.
std::string Observations(const ReportPage& page) {
  if (page.content.observations().empty()) return "";
  std::string html =
      "<section>\n<h2>Số liệu nhập tay<br><span lang=en>Entered values</span></h2>\n";
  for (const auto& observation : page.content.observations()) {
    const auto& evidence = observation.evidence();
    html += Concat("<dl>", Term({"Chỉ số", "Indicator"}, Escaped(observation.indicator())),
                   Term({"Kỳ, đến trước ngày", "Period, up to before"},
                        Concat(DateText(observation.period_start()), " – ",
                               DateText(observation.period_end()))),
                   Term({"Giá trị", "Value"}, Fixed(observation.value(), 4)),
                   Term({"Theo", "According to"}, Escaped(evidence.source())));
    if (!evidence.uri().empty()) html += Term({"Văn bản", "Document"}, Escaped(evidence.uri()));
    if (!evidence.digest().empty()) html += Term({"Mã băm", "Digest"}, Hex(evidence.digest()));
    if (!evidence.method().empty())
      html += Term({"Cách tính", "Method"}, Escaped(evidence.method()));
    html += Concat(Term({"Nhập lúc", "Entered"}, FormatTime(ToTime(observation.create_time()))),
                   Term({"Bản ghi", "Record"}, Escaped(observation.name())), "</dl>\n");
  }
  return Concat(html, "</section>\n");
}

// "frozen" and when, of releases before there were drafts the time it was made; or that it is none.
std::string StateText(const reporting::v1::Report& report) {
  if (report.state() == reporting::v1::Report::STATE_DRAFT) {
    return Both({"bản nháp, còn thay đổi", "draft, may change"});
  }
  const auto& when = report.has_freeze_time() ? report.freeze_time() : report.create_time();
  return Concat(Both({"chốt lúc", "frozen"}), " ", FormatTime(ToTime(when)));
}

// What anybody needs to compute the page again.
std::string Evidence(const ReportPage& page) {
  std::string html =
      Concat("<section>\n<h2>Bằng chứng<br><span lang=en>Evidence</span></h2>\n",
             "<p>Ai có các sổ cái đến những vị trí này đều tính lại được đúng nội dung báo cáo: ",
             "<code>learncity verify</code>. <span lang=en>Whoever holds the ledgers up to these "
             "positions ",
             "can compute the report again to the same bytes.</span></p>\n<dl>",
             Term({"Báo cáo", "Report"}, Escaped(page.report.name())),
             Term({"Nội dung", "Content"}, Hex(page.report.content_digest())),
             Term({"Danh mục chỉ số", "Catalogue"}, Hex(page.content.catalogue_digest())),
             Term({"Mẫu số", "Denominators"}, Hex(page.content.denominators_digest())));
  for (const auto& at : page.content.positions()) {
    html += Term({"Đã tính đến", "Counted"}, Concat(Escaped(at.feed()), ", ", "epoch ", at.epoch(),
                                                    ", ", Grouped(Concat(at.position()))));
  }
  html += Concat("</dl>\n<table><thead><tr>", Heading({"Sổ cái", "Ledger"}),
                 Heading({"Vị trí", "Position"}), Heading({"Lượt", "Turn"}),
                 Heading({"Niêm phong, khóa, chữ ký", "Seal, key, signature"}),
                 "</tr></thead><tbody>\n");
  for (const auto& head : page.report.heads()) {
    html += Concat("<tr>", Cell(Concat(Escaped(head.feed()), ", epoch ", head.epoch())),
                   Number(Grouped(Concat(head.position()))), Number(Grouped(Concat(head.turn()))),
                   Cell(Concat(Hex(head.seal()), "<br>", Hex(head.public_key()), "<br>",
                               Hex(head.signature()))),
                   "</tr>\n");
  }
  return html + "</tbody></table>\n</section>\n";
}

}  // namespace

std::string ReportHtml(const ReportPage& page) {
  const std::string title = Escaped(page.content.display_name());
  std::string html =
      Concat("<!DOCTYPE html>\n<html lang=vi>\n<head>\n<meta charset=utf-8>\n",
             "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>", title,
             "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<h1>", title, "</h1>\n<p>",
             Escaped(page.content.place()), " · ",
             Both({Concat("số liệu đến ", DateText(page.content.as_of())),
                   Concat("as of ", DateText(page.content.as_of()))}),
             " · ", StateText(page.report), "</p>\n");
  if (page.is_synthetic) {
    html += Concat("<p class=synthetic>",
                   Both({"Dữ liệu giả lập: người học trong báo cáo này không có thật.",
                         "Synthetic data: the learners of this report are invented."}),
                   "</p>\n");
  }
  for (const ReportSection& section : page.content.sections()) html += TextSection(page, section);
  for (const Evaluation& evaluation : page.content.evaluations()) html += Section(page, evaluation);
  return Concat(html, Observations(page), Evidence(page), "</body>\n</html>\n");
}

}  // namespace learncity
