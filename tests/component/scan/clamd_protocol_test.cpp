#include "connectors/scan/clamd_protocol.hpp"

#include <gtest/gtest.h>

namespace tongqu::scan {
namespace {

using namespace std::string_literals;

TEST(ClamdProtocol, ChunksCarryTheirLengthAndTheEmptyOneEnds) {
  EXPECT_EQ(clamd_chunk("abc"), "\0\0\0\3abc"s);
  EXPECT_EQ(clamd_chunk(std::string(65536, 'x')).substr(0, 4), "\0\1\0\0"s);
  EXPECT_EQ(clamd_chunk(""), "\0\0\0\0"s);
}

TEST(ClamdProtocol, OnlyAPlainOkIsClean) {
  EXPECT_EQ(clamd_verdict("stream: OK\0"s), ScanVerdict::kClean);
  EXPECT_EQ(clamd_verdict("stream: OK"), ScanVerdict::kClean);
  EXPECT_EQ(clamd_verdict("stream: Tongqu.Test.UNOFFICIAL FOUND\0"s), ScanVerdict::kInfected);
  for (const std::string& answer : {""s, "stream: "s, "OK"s, "stream: ok"s, "stream: OK "s, "stream: FOUND"s,
                                    "INSTREAM size limit exceeded. ERROR\0"s, "stream: OK\nstream: X FOUND"s,
                                    "stream: OK\0OK"s, "stream: "s + std::string(2000, 'x') + " FOUND"}) {
    EXPECT_EQ(clamd_verdict(answer), std::nullopt) << answer;
  }
}

}  // namespace
}  // namespace tongqu::scan
