#include "services/reporting/overview.h"

#include <utility>

#include "learncity/reporting/v1/reporting_service.pb.h"

namespace learncity::reporting {

v1::Overview ComputeOverview(const Board& board, const Foundations& foundations, Day today,
                             Time now) {
  v1::Overview overview;
  *overview.mutable_as_of() = ToDate(today);
  const Snapshot snapshot = board.Read(overview.as_of());
  const Basis basis = BasisOf(foundations, snapshot);
  for (const auto& definition : foundations.catalogue.indicators()) {
    v1::Overview::Number& number = *overview.add_numbers();
    number.set_indicator(IndicatorName(definition));
    *number.mutable_figure() = EvaluateTotal(definition, foundations.catalogue, basis);
  }
  overview.mutable_positions()->Assign(snapshot.positions.begin(), snapshot.positions.end());
  *overview.mutable_compute_time() = ToTimestamp(now);
  return overview;
}

std::string NewsOf(const v1::Overview& overview) {
  v1::Overview news = overview;
  news.clear_positions();
  news.clear_compute_time();
  return news.SerializeAsString();
}

std::shared_ptr<rpc::Watch> WatchOverview(const Board& board, const Foundations& foundations,
                                          Clock clock) {
  using google::protobuf::Message;
  const auto compute = [&board, &foundations, clock]() -> absl::StatusOr<std::shared_ptr<Message>> {
    const Time now = clock();
    auto response = std::make_shared<v1::WatchOverviewResponse>();
    *response->mutable_overview() = ComputeOverview(board, foundations, Today(now), now);
    return response;
  };
  return std::make_shared<rpc::Watch>(rpc::Watched{
      .compute = compute,
      .content =
          [](const Message& message) {
            return NewsOf(static_cast<const v1::WatchOverviewResponse&>(message).overview());
          },
      // A new day begins with an hour.
      .lasts = [clock]() -> std::chrono::microseconds {
        const Time now = clock();
        return std::chrono::floor<std::chrono::hours>(now) + std::chrono::hours(1) - now;
      }});
}

}  // namespace learncity::reporting
