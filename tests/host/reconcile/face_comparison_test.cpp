#include "reconcile/face_comparison.h"

#include <gmock/gmock.h>

namespace certbridge::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FaceDifference difference(const std::string& field, const std::string& what,
                          const std::string& here, const std::string& there) {
  return {"", "", field, what, here, there};
}

TEST(FaceComparison, EachFieldIsComparedByItsName) {
  const std::vector<TypeField> ours{{"KZ_ZL", "坐落", true},
                                    {"KZ_MJ", "面积", true},
                                    {"KZ_YT", "用途", true},
                                    {"KZ_FJ", "附记", false}};
  EXPECT_THAT(face_differences(ours, ours), IsEmpty());
  const std::vector<TypeField> theirs{{"KZ_FJ", "附记", true},
                                      {"KZ_ZL", "位置", true},
                                      {"KZ_MJ", "面积", true},
                                      {"KZ_QT", "其他", false}};
  EXPECT_THAT(face_differences(ours, theirs),
              ElementsAre(difference("KZ_ZL", "label", "坐落", "位置"),
                          difference("KZ_YT", "missing-there", "用途", ""),
                          difference("KZ_FJ", "required", "optional", "required"),
                          difference("KZ_QT", "missing-here", "", "其他")));
  EXPECT_EQ(face_differences(ours, {}).size(), ours.size());
}

}  // namespace
}  // namespace certbridge::host
