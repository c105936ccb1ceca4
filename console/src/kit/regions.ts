import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api, bodyOf } from "../api/client";
import type { components } from "../api/schema";

export type Province = components["schemas"]["RegionProvince"];

/** China's provinces and cities; they do not change while one looks. */
export function useRegions(): UseQueryResult<Province[]> {
  return useQuery({
    queryKey: ["regions"],
    queryFn: () => bodyOf(api.GET("/api/v1/regions")),
    staleTime: Infinity,
  });
}

/** The places that have an area code, as people write them: `辽宁 沈阳、抚顺`. */
export function placeOf(areaCode: string, provinces: readonly Province[]): string {
  for (const { name, cities } of provinces) {
    const found = cities.filter((city) => city.area_code === areaCode).map((city) => city.name);
    if (found.length > 0) {
      return found.length === 1 && found[0] === name ? name : `${name} ${found.join("、")}`;
    }
  }
  return "";
}
