#include "copy_marks.h"

#include <algorithm>
#include <utility>

#include "certbridge/text.h"
#include "characters.h"
#include "wrap.h"

namespace certbridge::ofd_compose {
namespace {

constexpr ofd::Length kMarkSize = 5'000;  // micrometres, as all lengths here
constexpr ofd::Length kMarkStep = 42'000;
constexpr ofd::Length kNoteSize = 2'800;
constexpr ofd::Length kMargin = 6'000;
constexpr int kMarkAlpha = 56;
constexpr int kMarkTurn = 30;
constexpr std::size_t kLongestText = 256;  // bytes
constexpr std::size_t kLongestMark = 40;   // characters of one line of the watermark
constexpr std::size_t kMostMarks = 400;    // of a page
constexpr const char* kWhatItIs = "加注件（副本）";

CopyMark mark_in(const ofd::Box& box, std::u32string text, ofd::Length size) {
  CopyMark mark;
  mark.box = box;
  mark.text = std::move(text);
  mark.size = size;
  mark.baseline = (box.height - size) / 2 + size * 43 / 50;
  return mark;
}

// Each is drawn turned, within a square that holds it at any angle.
std::vector<std::u32string> words_of(const CopyQuestion& copy) {
  std::vector<std::u32string> words;
  for (const std::string& text : {std::string(kWhatItIs), copy_text(copy.unit),
                                  copy_text(copy.cause), "有效期至 " + people_time(copy.expires)}) {
    words.push_back(decode_utf8(text).value_or(U"").substr(0, kLongestMark));
  }
  return words;
}

void add_watermark(std::vector<CopyMark>& marks, ofd::Length width, ofd::Length height,
                   const CopyQuestion& copy) {
  const std::vector<std::u32string> words = words_of(copy);
  std::size_t drawn = 0;
  for (ofd::Length y = kMarkStep / 2; y < height + kMarkStep / 2; y += kMarkStep) {
    for (ofd::Length x = kMarkStep / 2; x < width + kMarkStep / 2; x += 2 * kMarkStep) {
      if (drawn == kMostMarks) return;
      const std::u32string& text = words[drawn++ % words.size()];
      if (text.empty()) continue;
      const ofd::Length long_side = std::max(width_of(text, kMarkSize), 2 * kMarkSize);
      marks.push_back(
          mark_in({x - long_side / 2, y - long_side / 2, long_side, long_side}, text, kMarkSize));
      marks.back().x = (long_side - width_of(text, kMarkSize)) / 2;
      marks.back().alpha = kMarkAlpha;
      marks.back().turn = kMarkTurn;
    }
  }
}

void add_note(std::vector<CopyMark>& marks, ofd::Length page_width, ofd::Length page_height,
              const CopyQuestion& copy) {
  const std::string text = std::string(kWhatItIs) + " 使用单位：" + copy_text(copy.unit) +
                           "；事由：" + copy_text(copy.cause) + "；制作时间：" +
                           people_time(copy.made) + "；有效期截止时间：" +
                           people_time(copy.expires) + "。本件不是原件，无电子印章。";
  const ofd::Length width = std::max(page_width - 2 * kMargin, kNoteSize);
  const auto lines = wrap(decode_utf8(text).value_or(U""), width, kNoteSize);
  const ofd::Length height = line_height(kNoteSize);
  ofd::Length y =
      std::max(0, page_height - kMargin / 2 - static_cast<ofd::Length>(lines.size()) * height);
  for (const WrappedLine& line : lines) {
    if (!line.text.empty()) {
      marks.push_back(mark_in({kMargin, y, width, height}, line.text, kNoteSize));
    }
    y += height;
  }
}

std::string with_zeros(unsigned number, std::size_t count) {
  std::string text = std::to_string(number);
  return std::string(count - std::min(count, text.size()), '0') + text;
}

std::string local_time(Timestamp time, const char* in_date, const char* between,
                       const char* in_time) {
  const auto local = time + std::chrono::hours(8);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(local - day));
  return with_zeros(static_cast<unsigned>(static_cast<int>(date.year())), 4) + in_date +
         with_zeros(static_cast<unsigned>(date.month()), 2) + in_date +
         with_zeros(static_cast<unsigned>(date.day()), 2) + between +
         with_zeros(static_cast<unsigned>(clock.hours().count()), 2) + in_time +
         with_zeros(static_cast<unsigned>(clock.minutes().count()), 2) + in_time +
         with_zeros(static_cast<unsigned>(clock.seconds().count()), 2);
}

}  // namespace

std::vector<CopyMark> copy_marks(ofd::Length width, ofd::Length height, const CopyQuestion& copy) {
  std::vector<CopyMark> marks;
  add_watermark(marks, width, height, copy);
  add_note(marks, width, height, copy);
  return marks;
}

void mark_copy(ofd::Canvas& canvas, int font, const CopyQuestion& copy) {
  for (const CopyMark& mark : copy_marks(canvas.width(), canvas.height(), copy)) {
    std::vector<ofd::Length> advances;
    for (std::size_t i = 0; i + 1 < mark.text.size(); ++i) {
      advances.push_back(advance_of(mark.text[i], mark.size));
    }
    canvas.text({mark.box, font, mark.size, kCopyInk, mark.alpha, encode_utf8(mark.text), mark.x,
                 mark.baseline, std::move(advances), mark.turn});
  }
}

std::string people_time(Timestamp time) { return local_time(time, "-", " ", ":"); }
std::string metadata_time(Timestamp time) { return local_time(time, "", "", ""); }

std::string copy_text(const std::string& text) {
  std::size_t end = std::min(text.size(), kLongestText);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace certbridge::ofd_compose
