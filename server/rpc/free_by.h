#ifndef DANGOL_SERVER_RPC_FREE_BY_H_
#define DANGOL_SERVER_RPC_FREE_BY_H_

namespace dangol::rpc {

// Lets a std::unique_ptr free what a C library has made: std::unique_ptr<BIO, FreeBy<BIO_free>>.
template <auto kFree>
struct FreeBy {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_FREE_BY_H_
