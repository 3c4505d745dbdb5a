// Containers kept for reuse, so that what is needed for a moment allocates nothing in the long run.
//
//   Pool<std::vector<int>> pool;
//   const auto scratch = pool.Borrow();        // empty; goes back when it leaves scope
//   scratch->push_back(1);
//
// Threads   one a thread.
// Lifetime  the pool outlives what was borrowed.
#ifndef TOCSIN_RULES_BASE_POOL_H_
#define TOCSIN_RULES_BASE_POOL_H_

#include <memory>
#include <utility>
#include <vector>

namespace tocsin::rules {

template <typename Container>
class Pool {
 public:
  class Borrowed {
   public:
    Borrowed(Pool* pool, std::unique_ptr<Container> container)
        : pool_(*pool), container_(std::move(container)) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() { pool_.free_.push_back(std::move(container_)); }

    Container* get() const { return container_.get(); }
    Container& operator*() const { return *container_; }
    Container* operator->() const { return container_.get(); }

   private:
    Pool& pool_;
    std::unique_ptr<Container> container_;
  };

  Borrowed Borrow() {
    if (free_.empty()) return Borrowed(this, std::make_unique<Container>());
    std::unique_ptr<Container> container = std::move(free_.back());
    free_.pop_back();
    container->clear();
    return Borrowed(this, std::move(container));
  }

 private:
  std::vector<std::unique_ptr<Container>> free_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_BASE_POOL_H_
