// What learners think of the feedback, and for administrators how the product does.
#pragma once

#include "api/http/router.h"
#include "base/clock.h"
#include "pipeline/session_service.h"
#include "storage/product_repository.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct ProductParts {
  storage::ProductRepository* product = nullptr;
  pipeline::SessionService* service = nullptr;
  const base::Clock* clock = nullptr;
};

void AddProductRoutes(Router& router, const Guard& guard, const ProductParts& parts);

}  // namespace speechcoach::api
