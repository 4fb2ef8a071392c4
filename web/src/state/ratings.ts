import { RatingsClient } from "../api/ratings_client";
import { client } from "./app";

export const ratingsClient = new RatingsClient(client);
