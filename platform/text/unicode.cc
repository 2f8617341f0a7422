#include "platform/text/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>

#include "platform/runtime/check.h"

namespace learncity::text {
namespace {

constexpr std::string_view kNoBreakSpace = "\u00a0";
constexpr UChar32 kSmallD = 0x0111;
constexpr UChar32 kCapitalD = 0x0110;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty()) {
    if (IsSpace(text.front())) {
      text.remove_prefix(1);
    } else if (text.starts_with(kNoBreakSpace)) {
      text.remove_prefix(kNoBreakSpace.size());
    } else if (IsSpace(text.back())) {
      text.remove_suffix(1);
    } else if (text.ends_with(kNoBreakSpace)) {
      text.remove_suffix(kNoBreakSpace.size());
    } else {
      break;
    }
  }
  return text;
}

std::string In(const icu::Normalizer2* form, UErrorCode found, std::string_view text) {
  LEARNCITY_CHECK(U_SUCCESS(found)) << u_errorName(found);
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal, static_cast<int32_t>(text.size()));
  UErrorCode error = U_ZERO_ERROR;
  form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
                      nullptr, error);
  LEARNCITY_CHECK(U_SUCCESS(error)) << u_errorName(error);
  return normal;
}

// Calls `take` with each character; negative where the bytes are none.
template <class Take>
void ForEach(std::string_view text, const Take& take) {
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, length, character);
    take(character);
  }
}

bool IsSeparator(UChar32 c) {
  return c == '_' || u_charType(c) == U_DASH_PUNCTUATION || u_isUWhiteSpace(c);
}

}  // namespace

std::optional<BadText> FindBadText(std::string_view text) {
  std::optional<BadText> bad;
  ForEach(text, [&](UChar32 c) {
    if (c < 0) {
      bad = BadText::kNotUtf8;
    } else if (!bad && c != '\t' && c != '\n' && c != '\r' && u_charType(c) == U_CONTROL_CHAR) {
      bad = BadText::kControlCharacter;
    }
  });
  return bad;
}

std::string Normalised(std::string_view text) {
  text = Trimmed(text);
  if (IsAscii(text)) return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFCInstance(error);
  return In(form, error, text);
}

std::string Folded(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFDInstance(error);
  const std::string decomposed = IsAscii(text) ? std::string(text) : In(form, error, text);
  std::string folded;
  icu::StringByteSink<std::string> sink(&folded);
  bool gap = false;
  ForEach(decomposed, [&](UChar32 c) {
    if (c < 0 || u_charType(c) == U_NON_SPACING_MARK) return;
    if (IsSeparator(c)) {
      gap = true;
      return;
    }
    if (gap && !folded.empty()) folded += ' ';
    gap = false;
    const UChar32 letter =
        c == kSmallD || c == kCapitalD ? 'd' : u_foldCase(c, U_FOLD_CASE_DEFAULT);
    char bytes[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, letter);
    folded.append(bytes, static_cast<size_t>(length));
  });
  return folded;
}

std::string VietnameseOrder(std::string_view text) {
  // A collator may be used by many threads as long as nobody changes it.
  static const icu::Collator* const collator = [] {
    UErrorCode error = U_ZERO_ERROR;
    auto* made = icu::Collator::createInstance(icu::Locale("vi"), error);
    LEARNCITY_CHECK(U_SUCCESS(error)) << u_errorName(error);
    return made;
  }();
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  const int32_t size = collator->getSortKey(wide, nullptr, 0);
  std::string key(static_cast<size_t>(size), '\0');
  collator->getSortKey(wide, reinterpret_cast<uint8_t*>(key.data()), size);
  return key;
}

}  // namespace learncity::text
