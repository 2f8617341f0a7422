#include "platform/ledger/test_jars.h"

#include "platform/runtime/concat.h"

namespace learncity::ledger_testing::v1 {
namespace {

int64_t Microseconds(Time time) { return time.time_since_epoch().count(); }

JarEvent Added(int64_t beans) {
  JarEvent event;
  event.mutable_added()->set_beans(beans);
  return event;
}

struct OpenCase {
  const Jar* same_name = nullptr;
  const Jar* same_label = nullptr;
  static OpenCase Gather(const OpenJarRequest& request, Lookup& lookup) {
    if (request.careless()) return {};
    const std::string& label = request.jar().label();
    return {lookup.Find<Jar>(IdOf(request.jar().name())),
            label.empty() ? nullptr : lookup.FindBy<Jar>("label", label)};
  }
};

Decision Decide(const OpenCase& c, const OpenJarRequest& request, const Moment&) {
  const std::string& name = request.jar().name();
  if (c.same_name != nullptr) return Refuse(NAME_TAKEN, name, "There is such a jar.");
  if (c.same_label != nullptr) return Refuse(LABEL_TAKEN, name, "Another jar has the label.");
  JarEvent event;
  *event.mutable_opened() = request.jar();
  return Decision().Then(name, event);
}

struct FillCase {
  const Jar* jar = nullptr;
  static FillCase Gather(const FillJarRequest& request, Lookup& lookup) {
    return {lookup.Require<Jar>(request.name())};
  }
};

Decision Decide(const FillCase& c, const FillJarRequest& request, const Moment&) {
  if (c.jar->beans() + request.beans() > c.jar->limit()) {
    return Refuse(JAR_FULL, request.name(), "The jar is full.");
  }
  return Decision().Then(request.name(), Added(request.beans()));
}

struct LabelCase {
  static LabelCase Gather(const LabelJarRequest& request, Lookup& lookup) {
    (void)lookup.Require<Jar>(request.jar());
    return {};
  }
};

// Never looks at who else has the label.
Decision Decide(const LabelCase&, const LabelJarRequest& request, const Moment&) {
  JarEvent event;
  event.mutable_labeled()->set_label(request.label());
  return Decision().Then(request.jar(), event);
}

struct PassLabelCase {
  const Jar* from = nullptr;
  static PassLabelCase Gather(const PassLabelRequest& request, Lookup& lookup) {
    return {lookup.Require<Jar>(request.from())};
  }
};

Decision Decide(const PassLabelCase& c, const PassLabelRequest& request, const Moment&) {
  JarEvent opened, lost;
  opened.mutable_opened()->set_name(request.to());
  opened.mutable_opened()->set_label(c.from->label());
  lost.mutable_labeled();
  if (request.loses_first()) {
    return Decision().Then(request.from(), lost).Then(request.to(), opened);
  }
  return Decision().Then(request.to(), opened).Then(request.from(), lost);
}

struct PourCase {
  const Jar* from = nullptr;
  static PourCase Gather(const PourRequest& request, Lookup& lookup) {
    (void)lookup.Require<Jar>(request.to());
    return {lookup.Require<Jar>(request.from())};
  }
};

Decision Decide(const PourCase& c, const PourRequest& request, const Moment&) {
  if (c.from->beans() < request.beans()) {
    return Refuse(TOO_FEW_BEANS, request.from(), "There are not so many.");
  }
  return Decision()
      .Then(request.from(), Added(-request.beans()))
      .Then(request.to(), Added(request.beans()));
}

Decision Empty(const Jar& jar, const Moment& moment) {
  JarEvent event;
  event.mutable_emptied()->set_at_us(Microseconds(moment.now));
  event.mutable_emptied()->set_ticket(std::string(moment.NewId().view()));
  Decision decision = Decision().Then(jar.name(), event);
  if (jar.spill().empty()) return decision;
  return std::move(decision).Then(jar.spill(), Added(jar.beans()));
}

struct LidCase {
  static LidCase Gather(const PutLidRequest&, Lookup&) { return {}; }
};

Decision Decide(const LidCase&, const PutLidRequest& request, const Moment&) {
  LidEvent event;
  event.mutable_put()->set_name(request.lid());
  event.mutable_put()->set_due_us(request.due_us());
  event.mutable_put()->set_label(request.label());
  return Decision().Then(request.lid(), event);
}

struct LiftCase {
  // Into which the bean falls; nullptr when no jar has the label, or that one spills nowhere.
  const Jar* below = nullptr;
  static LiftCase Gather(const Lid& lid, Lookup& lookup) {
    const Jar* closed = lid.label().empty() ? nullptr : lookup.FindBy<Jar>("label", lid.label());
    if (closed == nullptr || closed->spill().empty()) return {};
    return {lookup.Require<Jar>(closed->spill())};
  }
};

Decision Decide(const LiftCase& c, const Lid& lid, const Moment&) {
  LidEvent event;
  event.mutable_lifted();
  Decision decision = Decision().Then(lid.name(), event);
  if (c.below == nullptr) return decision;
  return std::move(decision).Then(c.below->name(), Added(1));
}

struct RoundCase {
  static RoundCase Gather(const BeginRoundRequest&, Lookup&) { return {}; }
};

Decision Decide(const RoundCase&, const BeginRoundRequest& request, const Moment&) {
  RoundEvent event;
  *event.mutable_begun() = request.round();
  return Decision().Then(request.round().name(), event);
}

// At once again until it has come by all jars.
Decision GoRound(const Round& round, int slice, ledger::Walk& walk) {
  RoundEvent event;
  Round& advanced = *event.mutable_advanced();
  advanced = round;
  const auto found = walk.Next<Jar>(Id::FromBytes(round.after()).value_or(Id()), slice);
  for (const auto& [id, jar] : found) {
    auto& tally = walk.Put<Tally>(IdOf(Concat("tallies/", jar->name())));
    tally.set_jar(jar->name());
    tally.set_beans(jar->beans());
    tally.set_servings(tally.servings() + 1);
    advanced.set_after(std::string(id.view()));
    advanced.set_jars(advanced.jars() + 1);
  }
  if (static_cast<int>(found.size()) < slice) advanced.set_due_us(0);
  return Decision().Then(round.name(), event);
}

std::optional<Time> DueAt(int64_t due_us) {
  if (due_us == 0) return std::nullopt;
  return Time(std::chrono::microseconds(due_us));
}

std::string TallyName(const PlateServed& served) { return Concat("tallies/", served.jar()); }

void GatherServed(const Id&, const PlateEvent& event, Lookup& lookup) {
  if (!event.has_served()) return;
  (void)lookup.Find<Jar>(IdOf(event.served().jar()));
  (void)lookup.Find<Tally>(IdOf(TallyName(event.served())));
}

void ReactToServed(const Id&, const PlateEvent& event, const Moment& moment, ledger::Draft& draft) {
  if (!event.has_served()) return;
  const PlateServed& served = event.served();
  auto& tally = draft.Put<Tally>(IdOf(TallyName(served)));
  tally.set_jar(served.jar());
  tally.set_servings(tally.servings() + 1);
  tally.set_beans(tally.beans() + served.beans());
  Decision decision;
  if (draft.Find<Jar>(IdOf(served.jar())) == nullptr) {
    JarEvent opened;
    opened.mutable_opened()->set_name(served.jar());
    opened.mutable_opened()->set_note(std::string(moment.NewId().view()));
    decision = std::move(decision).Then(served.jar(), opened);
  }
  draft.Apply(std::move(decision).Then(served.jar(), Added(served.beans())));
}

// Idempotent, as a reaction must be that a feed which is followed anew calls again.
void ReactToMarked(const PlateMarked& marked, const Moment& moment, ledger::Draft& draft) {
  const std::string name = ledger::JarName(marked.mark());
  if (draft.Find<Jar>(IdOf(name)) != nullptr) return;
  JarEvent opened;
  opened.mutable_opened()->set_name(name);
  opened.mutable_opened()->set_note(std::string(moment.NewId().view()));
  draft.Apply(Decision().Then(name, opened));
}

}  // namespace

void Evolve(Jar& jar, const JarEvent& event) {
  switch (event.event_case()) {
    case JarEvent::kOpened:
      jar.set_name(event.opened().name());
      jar.set_limit(event.opened().limit());
      jar.set_label(event.opened().label());
      jar.set_due_us(event.opened().due_us());
      jar.set_spill(event.opened().spill());
      return;
    case JarEvent::kAdded:
      jar.set_beans(jar.beans() + event.added().beans());
      return;
    case JarEvent::kEmptied:
      jar.set_beans(0);
      jar.set_due_us(event.emptied().due_us());
      *jar.mutable_last_emptied() = event.emptied();
      return;
    case JarEvent::kLabeled:
      jar.set_label(event.labeled().label());
      return;
    case JarEvent::EVENT_NOT_SET:
      return;
  }
}

void Evolve(Lid& lid, const LidEvent& event) {
  switch (event.event_case()) {
    case LidEvent::kPut:
      lid.set_name(event.put().name());
      lid.set_due_us(event.put().due_us());
      lid.set_label(event.put().label());
      return;
    case LidEvent::kLifted:
      lid.set_due_us(0);
      return;
    case LidEvent::EVENT_NOT_SET:
      return;
  }
}

void Evolve(Plate& plate, const PlateEvent& event) {
  switch (event.event_case()) {
    case PlateEvent::kServed:
      plate.set_beans(plate.beans() + event.served().beans());
      return;
    case PlateEvent::kMarked:
      plate.set_mark(event.marked().mark());
      return;
    case PlateEvent::EVENT_NOT_SET:
      return;
  }
}

void Evolve(Round& round, const RoundEvent& event) {
  round = event.has_begun() ? event.begun() : event.advanced();
}

}  // namespace learncity::ledger_testing::v1

namespace learncity::ledger {

namespace v1 = ledger_testing::v1;

Schema JarSchema(std::string service) {
  Schema schema(std::move(service));
  schema.Own<Jar, JarEvent>("jar")
      .IndexedNumber("beans", [](const Jar& jar) -> Value { return jar.beans(); })
      .Unique("label",
              [](const Jar& jar) -> Value {
                if (jar.label().empty()) return std::monostate();
                return jar.label();
              })
      .DueAt([](const Jar& jar) { return v1::DueAt(jar.due_us()); });
  schema.Own<Lid, LidEvent>("lid").DueAt([](const Lid& lid) { return v1::DueAt(lid.due_us()); });
  schema.Own<Round, v1::RoundEvent>("round").DueAt(
      [](const Round& round) { return v1::DueAt(round.due_us()); });
  schema.Reference<Plate, PlateEvent>("plate", kKitchen)
      .Unique("mark", [](const Plate& plate) -> Value {
        if (plate.mark().empty()) return std::monostate();
        return plate.mark();
      });
  schema.Derived<Tally>("tally").Unique("jar", [](const Tally& tally) -> Value {
    if (tally.jar().empty()) return std::monostate();
    return tally.jar();
  });
  return schema;
}

Rules JarRules(const JarKnobs& knobs) {
  Rules rules;
  rules.On<v1::OpenCase, OpenJarRequest>();
  rules.On<v1::FillCase, FillJarRequest>();
  rules.On<v1::LabelCase, LabelJarRequest>();
  rules.On<v1::PassLabelCase, PassLabelRequest>();
  rules.On<v1::PourCase, PourRequest>();
  rules.On<v1::LidCase, PutLidRequest>();
  rules.On<v1::RoundCase, BeginRoundRequest>();
  rules.OnDue<v1::LiftCase, Lid>();
  rules.OnDueWalk<Round>([&knobs](const Round& round, const Moment&, Walk& walk) {
    Decision decision = v1::GoRound(round, knobs.slice, walk);
    return knobs.idle ? Decision() : std::move(decision);
  });
  rules.OnDue<Jar>(
      [&knobs](const Id&, const Jar& jar) {
        return knobs.effect ? knobs.effect(jar) : absl::OkStatus();
      },
      [&knobs](const Jar& jar, const Moment& moment) {
        return knobs.idle ? Decision() : v1::Empty(jar, moment);
      });
  rules.OnEvent<PlateEvent>(v1::GatherServed, v1::ReactToServed);
  rules.OnEvent<PlateEvent>(
      [&knobs](const Id&, const PlateEvent& event, Lookup& lookup) {
        if (!knobs.opens_by_mark || !event.has_marked()) return;
        (void)lookup.Find<Jar>(JarId(event.marked().mark()));
      },
      [&knobs](const Id&, const PlateEvent& event, const Moment& moment, Draft& draft) {
        if (!knobs.opens_by_mark || !event.has_marked()) return;
        v1::ReactToMarked(event.marked(), moment, draft);
      });
  rules.OnEvent<KitchenClosed>(
      // Asks for nothing: what it puts is loaded then.
      [](const Id&, const KitchenClosed&, Lookup&) {},
      [](const Id& id, const KitchenClosed&, const Moment&, Draft& draft) {
        auto& tally = draft.Put<Tally>(id);
        tally.set_closings(tally.closings() + 1);
      });
  return rules;
}

std::string JarName(std::string_view jar) { return Concat("jars/", jar); }
Id JarId(std::string_view jar) { return IdOf(JarName(jar)); }
Id TallyId(std::string_view jar) { return IdOf(Concat("tallies/", JarName(jar))); }

OpenJarRequest Open(std::string_view jar, int64_t limit, std::string_view label) {
  OpenJarRequest request;
  request.mutable_jar()->set_name(JarName(jar));
  request.mutable_jar()->set_limit(limit);
  request.mutable_jar()->set_label(std::string(label));
  return request;
}

FillJarRequest Fill(std::string_view jar, int64_t beans) {
  FillJarRequest request;
  request.set_name(JarName(jar));
  request.set_beans(beans);
  return request;
}

LabelJarRequest Label(std::string_view jar, std::string_view label) {
  LabelJarRequest request;
  request.set_jar(JarName(jar));
  request.set_label(std::string(label));
  return request;
}

PassLabelRequest PassLabel(std::string_view from, std::string_view to) {
  PassLabelRequest request;
  request.set_from(JarName(from));
  request.set_to(JarName(to));
  return request;
}

PourRequest Pour(std::string_view from, std::string_view to, int64_t beans) {
  PourRequest request;
  request.set_from(JarName(from));
  request.set_to(JarName(to));
  request.set_beans(beans);
  return request;
}

PlateEvent Served(std::string_view jar, int64_t beans) {
  PlateEvent event;
  event.mutable_served()->set_jar(JarName(jar));
  event.mutable_served()->set_beans(beans);
  return event;
}

PlateEvent Marked(std::string_view mark) {
  PlateEvent event;
  event.mutable_marked()->set_mark(std::string(mark));
  return event;
}

}  // namespace learncity::ledger
