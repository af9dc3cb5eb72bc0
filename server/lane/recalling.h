#ifndef DANGOL_SERVER_LANE_RECALLING_H_
#define DANGOL_SERVER_LANE_RECALLING_H_

namespace dangol::lane {

// Whether it is worth while to decide the next batch on what the store recalls. After
// one that was in vain some batches are loaded, twice as many each time: with several
// servers, or with tills that repeat everything, nearly all are. Used by one thread.
class Recalling {
 public:
  // Asked once for each batch.
  bool IsWorthwhile();

  // What became of a batch for which it was.
  void Note(bool succeeded);

 private:
  int loads_left_ = 0;
  int loads_after_failure_ = kFewestLoads;

  static constexpr int kFewestLoads = 4;
  static constexpr int kMostLoads = 256;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_RECALLING_H_
