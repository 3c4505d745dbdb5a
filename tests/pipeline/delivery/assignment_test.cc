#include "pipeline/consume/assignment.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr char kTopic[] = "news.raw";

// Assigned, and sought.
Assignment Started(int64_t offset) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  assignment.Seek(kTopic, 0, offset);
  return assignment;
}

TEST(AssignmentTest, ARecordOfAPartitionThatIsNotOursIsRefused) {
  Assignment assignment = Started(5);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 5), Arrival::kNext);
  EXPECT_EQ(assignment.Judge(kTopic, 1, 5), Arrival::kRefused);
  EXPECT_EQ(assignment.Judge("news.other", 0, 5), Arrival::kRefused);
  assignment.Remove(kTopic, 0);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 5), Arrival::kRefused);
}

TEST(AssignmentTest, ARecordIsWantedOnceUntilThePositionIsSetBack) {
  Assignment assignment = Started(5);
  assignment.Take(kTopic, 0, 5);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 6), Arrival::kNext);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 9), Arrival::kGap) << "offsets may have gaps";
  assignment.Take(kTopic, 0, 9);
  assignment.Seek(kTopic, 0, 6);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 6), Arrival::kNext);
}

TEST(AssignmentTest, APartitionThatDeliversWhatIsBehindIsAdriftUntilItIsSought) {
  Assignment assignment = Started(5);
  assignment.Take(kTopic, 0, 5);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 5), Arrival::kAdrift);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 6), Arrival::kAdrift)
      << "of which Kafka topic, is not known";
  assignment.Seek(kTopic, 0, 2);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 2), Arrival::kNext);
  EXPECT_EQ(assignment.Find(kTopic, 0)->first_offset, 2) << "there is no other place to go back to";
}

TEST(AssignmentTest, WithOnePartitionAllOfItsKafkaTopicAreAdriftAndNoOther) {
  Assignment assignment = Started(5);
  assignment.Add(kTopic, 1);
  assignment.Seek(kTopic, 1, 40);
  assignment.Add("news.other", 0);
  assignment.Seek("news.other", 0, 7);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 0), Arrival::kAdrift);
  EXPECT_EQ(assignment.Judge("news.other", 0, 7), Arrival::kNext);
  EXPECT_EQ(assignment.Judge(kTopic, 1, 40), Arrival::kAdrift)
      << "the Kafka topic may have 40 records again";
}

TEST(AssignmentTest, AfterAKafkaTopicWasGoneWhatHadStartedIsAdrift) {
  Assignment assignment = Started(5);
  assignment.Add(kTopic, 1);
  EXPECT_FALSE(assignment.SetAdrift("news.other"));
  EXPECT_EQ(assignment.Judge(kTopic, 0, 5), Arrival::kNext);
  EXPECT_TRUE(assignment.SetAdrift(kTopic));
  EXPECT_FALSE(assignment.SetAdrift(kTopic)) << "librdkafka repeats itself each second";
  EXPECT_EQ(assignment.Judge(kTopic, 0, 5), Arrival::kAdrift);
  EXPECT_EQ(assignment.Judge(kTopic, 1, 5), Arrival::kStart) << "which is looked up anyway";
}

TEST(AssignmentTest, APartitionAwaitsItsStartUntilItIsSought) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 3), Arrival::kStart);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 4), Arrival::kStart) << "its offset could not be looked up";
  EXPECT_EQ(assignment.Find(kTopic, 0)->first_offset, 3);
  assignment.Seek(kTopic, 0, 7);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 7), Arrival::kNext);
  EXPECT_EQ(assignment.Find(kTopic, 0)->first_offset, 3);
  assignment.Add(kTopic, 0);
  EXPECT_EQ(assignment.Judge(kTopic, 0, 2), Arrival::kStart)
      << "ours again: another may have committed meanwhile, or set it back";
}

TEST(AssignmentTest, WhileSuspendedAllIsRefusedAndTheFirstRecordIsRemembered) {
  Assignment assignment;
  assignment.Add(kTopic, 0);
  assignment.Suspend();
  EXPECT_EQ(assignment.Judge(kTopic, 0, 3), Arrival::kRefused) << "the seek tells its start";
  EXPECT_EQ(assignment.Judge(kTopic, 0, 4), Arrival::kRefused);
  EXPECT_EQ(assignment.Find(kTopic, 0)->first_offset, 3);
  assignment.Seek(kTopic, 0, 3);
  assignment.Resume();
  EXPECT_EQ(assignment.Judge(kTopic, 0, 3), Arrival::kNext);
}

}  // namespace
}  // namespace tocsin
