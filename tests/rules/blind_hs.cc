// Loaded before libhs, a Hyperscan that finds nothing: what the start-up self-test is there to
// refuse.
extern "C" int hs_scan(const void*, const char*, unsigned, unsigned, void*, void*, void*) {
  return 0;
}
