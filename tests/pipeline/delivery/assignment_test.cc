#include "pipeline/consume/assignment.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr char kTopic[] = "news.raw";

TEST(AssignmentTest, ARecordOfAPartitionThatIsNotOursIsNotTaken) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  EXPECT_TRUE(assignment.Take(kTopic, 0, 5));
  EXPECT_FALSE(assignment.Take(kTopic, 1, 5));
  EXPECT_FALSE(assignment.Take("news.other", 0, 6));
  assignment.Remove(kTopic, 0);
  EXPECT_FALSE(assignment.Take(kTopic, 0, 6));
}

TEST(AssignmentTest, ARecordIsTakenOnceUntilThePositionIsSetBack) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  EXPECT_TRUE(assignment.Take(kTopic, 0, 5));
  EXPECT_FALSE(assignment.Take(kTopic, 0, 5));
  EXPECT_TRUE(assignment.Take(kTopic, 0, 9)) << "offsets may have gaps";
  EXPECT_FALSE(assignment.Take(kTopic, 0, 7));
  assignment.Seek(kTopic, 0, 6);
  EXPECT_FALSE(assignment.Take(kTopic, 0, 5));
  EXPECT_TRUE(assignment.Take(kTopic, 0, 7));
}

TEST(AssignmentTest, APartitionAwaitsItsStartUntilItIsSought) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  EXPECT_TRUE(assignment.AwaitsStart(kTopic, 0, 3));
  EXPECT_TRUE(assignment.AwaitsStart(kTopic, 0, 4)) << "its offset could not be looked up";
  EXPECT_EQ(assignment.Find(kTopic, 0)->first_offset, 3);
  assignment.Seek(kTopic, 0, 7);
  EXPECT_FALSE(assignment.AwaitsStart(kTopic, 0, 7));
  assignment.Remove(kTopic, 0);
  EXPECT_FALSE(assignment.AwaitsStart(kTopic, 0, 8)) << "not ours";
  assignment.Add(kTopic, 0);
  EXPECT_TRUE(assignment.AwaitsStart(kTopic, 0, 8))
      << "ours again: another may have committed meanwhile";
}

TEST(AssignmentTest, WhileSuspendedNothingIsTakenAndTheFirstRecordIsRemembered) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  assignment.Suspend();
  EXPECT_FALSE(assignment.AwaitsStart(kTopic, 0, 3)) << "the seek tells it";
  EXPECT_FALSE(assignment.Take(kTopic, 0, 3));
  EXPECT_FALSE(assignment.Take(kTopic, 0, 4));
  EXPECT_EQ(assignment.Find(kTopic, 0)->first_offset, 3);
  assignment.Resume();
  EXPECT_TRUE(assignment.Take(kTopic, 0, 3));
}

TEST(AssignmentTest, APartitionThatComesBackStartsAnew) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  EXPECT_TRUE(assignment.Take(kTopic, 0, 9));
  assignment.Remove(kTopic, 0);
  assignment.Add(kTopic, 0);
  EXPECT_TRUE(assignment.Take(kTopic, 0, 2)) << "the committed offset may be an earlier one";
}

}  // namespace
}  // namespace tocsin
