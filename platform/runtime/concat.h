// Texts put together from parts.
//
// Debian builds abseil as C++14, where absl::string_view is a type of its own: absl::StrCat and its
// kin take no std::string_view. Concat takes both, and numbers.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace learncity {

namespace internal {

// A view into the text or number it was made from, used within one expression.
class Part {
 public:
  Part(const char* text) : text_(text) {}
  template <typename Text>
    requires requires(const Text& text) { std::string_view(text.data(), text.size()); }
  Part(const Text& text) : text_(text.data(), text.size()) {}
  template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
  Part(Number number) {
    char* const end = std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr;
    text_ = std::string_view(digits_.data(), static_cast<size_t>(end - digits_.data()));
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  std::string_view text() const { return text_; }

 private:
  std::array<char, 20> digits_;
  std::string_view text_;
};

inline std::string ConcatTexts(std::initializer_list<std::string_view> texts) {
  size_t bytes = 0;
  for (std::string_view text : texts) bytes += text.size();
  std::string all;
  all.reserve(bytes);
  for (std::string_view text : texts) all += text;
  return all;
}

}  // namespace internal

// Parts are texts (std:: or absl::, zero-terminated too) and whole numbers.
template <typename... Parts>
std::string Concat(const Parts&... parts) {
  return internal::ConcatTexts({internal::Part(parts).text()...});
}

// `texts` is a range of std::string or std::string_view.
template <typename Texts>
std::string Join(const Texts& texts, std::string_view separator) {
  std::string all;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) all += separator;
    first = false;
    all += text;
  }
  return all;
}

}  // namespace learncity
