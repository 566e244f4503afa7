#pragma once
// The compiled configuration as the line sees it. Immutable; a reload makes a new one and swaps it, what is in flight
// keeps the one it began with. Every reference inside lives as long as the Plan.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/core/attachment_forms.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/mapper.hpp"
#include "gateway/core/query.hpp"
#include "gateway/core/schema.hpp"
#include "gateway/core/view.hpp"

namespace tongqu {

// Where the fields stand that identify a message of a partner when it sends no Idempotency-Key: paths in the partner's
// own document. All empty: the body's digest alone.
struct DedupRule {
  std::string number_path;  // number of the matter; empty = the message needs none
  std::string operation_path;
  std::string round_path;  // dispatch round (重派)
};

// How a partner gets the answers of a query service: the canonical answer through its policy and its mapping.
struct AskerAnswer {
  const Schema* canonical = nullptr;  // the service's answer schema
  const ViewPolicy* policy = nullptr;
  const Mapper* mapping = nullptr;  // view → the asker's document
  const Codec* codec = nullptr;
};

// How a registry's answer is read.
struct RegistryAnswer {
  const Schema* received = nullptr;   // the registry's own schema
  const Schema* canonical = nullptr;  // the service's answer schema
  const Mapper* mapping = nullptr;    // received → canonical
  const Codec* codec = nullptr;
  DecodeLimits limits;
};

// Times of a query service.
struct QueryTerms {
  QueryTimes times;
  std::int64_t wait_ms = 5'000;       // of an asker that names no time of its own
  std::int64_t max_wait_ms = 30'000;  // whatever it names
};

// One service that a partner may send.
struct InboundService {
  ServiceId service;
  const Schema* received = nullptr;   // the partner's own schema
  const Schema* canonical = nullptr;  // the service's schema
  const Mapper* mapping = nullptr;    // received → canonical
  const Codec* codec = nullptr;
  DecodeLimits limits;
  DedupRule dedup;
  bool strict = false;                // true: faults turn the message back; false: it is stored and held
  std::string operation;              // operation of messages that carry none: "create"
  std::optional<AskerAnswer> answer;  // set: the service is asked, and always strict
  // Further forms in which the partner may send it: the first whose codec reads the message takes this one's place.
  std::vector<InboundService> other_forms;
};

struct PartnerPlan {
  PartnerId id;
  std::string title_zh;
  std::uint32_t rate_per_second = 0;  // 0 = unlimited
  std::uint32_t burst = 0;
  std::unordered_map<std::string, InboundService> services;  // by service name
};

// Equality on a scalar of the canonical record.
struct RouteCondition {
  std::string path;
  std::string equals;
};

struct RecipientPlan {
  PartnerId partner;
  bool origin_only = false;  // only for matters that came from this partner (record field origin.partner)
  ServiceId service;         // service name at the recipient
  const ViewPolicy* policy = nullptr;
  const Mapper* mapping = nullptr;  // view → the recipient's document
  const Codec* codec = nullptr;
  AttachmentRules attachments;          // which bytes of attachments it gets
  const Schema* document = nullptr;     // of what the mapping makes; what is not of it does not leave
  bool cut_overlong = false;            // free text that is too long for it is cut and marked, else a person sees it
  std::int64_t deadline_ms = 0;         // after the commit; 0 = none
  std::vector<RegistryAnswer> answers;  // forms of the registry's answer; not empty for query services
};

struct RoutePlan {
  std::string name;
  ServiceId service;
  std::vector<RouteCondition> conditions;  // all must hold
  std::vector<RecipientPlan> recipients;
};

struct Plan {
  ConfigId id;
  std::unordered_map<std::string, PartnerPlan> partners;           // by id
  std::unordered_map<std::string, std::vector<RoutePlan>> routes;  // by service, in order of names
  std::unordered_map<std::string, const Schema*> canonical;        // by service
  std::unordered_map<std::string, QueryTerms> queries;             // by service; those with pattern query
  // What people may read in an explanation, by name of the clearance.
  std::map<std::string, std::shared_ptr<const ViewPolicy>> clearances;
  std::vector<std::shared_ptr<const void>> owned;  // schemas, mappings, policies, codecs, tables

  [[nodiscard]] const PartnerPlan* partner(const PartnerId& id) const;
  [[nodiscard]] const InboundService* inbound(const PartnerId& partner, const ServiceId& service) const;
};

}  // namespace tongqu
