// /api/v1/model-speech: the model voice reads a sentence.
#pragma once

#include "api/http/router.h"
#include "api/rest/rest_context.h"
#include "pipeline/model_speech.h"
#include "pipeline/session_service.h"

namespace speechcoach::api {

// `speaker` and `service` outlive the router.
void AddModelSpeechRoutes(Router& router, const Guard& guard, const pipeline::ModelSpeaker& speaker,
                          pipeline::SessionService& service);

}  // namespace speechcoach::api
