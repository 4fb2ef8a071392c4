#include "redis/reply.h"

#include "redis/internal/reply_from.h"

namespace speechcoach::redis {

Reply ReplyFrom(const redisReply& reply) {
  Reply answer;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      answer.kind = Reply::Kind::kInteger;
      answer.integer = reply.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      answer.kind = Reply::Kind::kText;
      answer.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ERROR:
      answer.kind = Reply::Kind::kError;
      answer.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ARRAY:
      answer.kind = Reply::Kind::kArray;
      answer.items.reserve(reply.elements);
      for (std::size_t i = 0; i < reply.elements; ++i) answer.items.push_back(ReplyFrom(*reply.element[i]));
      break;
    default:
      break;
  }
  return answer;
}

}  // namespace speechcoach::redis
