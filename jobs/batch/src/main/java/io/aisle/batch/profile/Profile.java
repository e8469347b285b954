package io.aisle.batch.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.UserException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Predictions as a whole, in a size that depends on the number of categories alone. Made by {@link ProfileBuilder}; profiles of parts
 * add up to that of the whole, whatever the parts.
 *
 * @param version of the form
 * @param rows all of them
 * @param measured rows whose text was counted; those of runs before classify did so were not
 * @param filled of the measured rows, those in which a field is not empty, by field
 * @param characters measured rows by the length of their text, in {@link Buckets#CHARACTERS}
 * @param confidence rows by confidence, in {@link Buckets#CONFIDENCE}
 * @param review rows for a person
 * @param words of all rows together
 * @param classes one a category that has rows, by path
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Profile(
        @JsonProperty(required = true) int version,
        @JsonProperty(required = true) long rows,
        long measured,
        SortedMap<String, Long> filled,
        @JsonProperty(required = true) List<Long> characters,
        @JsonProperty(required = true) List<Long> confidence,
        long review,
        @JsonProperty(required = true) UnknownWords words,
        @JsonProperty(required = true) List<ClassProfile> classes) {
    public static final int VERSION = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    public Profile {
        filled = Collections.unmodifiableSortedMap(new TreeMap<>(filled));
        characters = List.copyOf(characters);
        confidence = List.copyOf(confidence);
        classes = List.copyOf(classes);
        if (characters.size() != Buckets.CHARACTERS.size() || confidence.size() != Buckets.CONFIDENCE.size()) {
            throw new IllegalArgumentException("found histograms of " + characters.size() + " and " + confidence.size()
                    + " buckets, expected " + Buckets.CHARACTERS.size() + " and " + Buckets.CONFIDENCE.size());
        }
    }

    /** Share of the measured rows in which a field is not empty; NaN where none was measured. */
    public double fillRate(String field) {
        return (double) filled.getOrDefault(field, 0L) / measured;
    }

    /** NaN without rows. */
    public double reviewShare() {
        return (double) review / rows;
    }

    /** NaN without rows. */
    public double meanConfidence() {
        return classes.stream().mapToLong(ClassProfile::confidenceMillionths).sum() / 1e6 / rows;
    }

    /** Equal profiles give equal texts. */
    public String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @param place where it lies, for the message
     */
    public static Profile parse(String json, String place) {
        try {
            Profile profile = MAPPER.readValue(json, Profile.class);
            if (profile != null && profile.version() == VERSION) {
                return profile;
            }
            throw unreadable(
                    place, profile == null ? "nothing" : "a profile of format version " + profile.version(), null);
        } catch (JsonProcessingException e) {
            throw unreadable(place, e.getOriginalMessage(), e);
        }
    }

    private static UserException unreadable(String place, String found, Exception cause) {
        return new UserException(
                "Cannot read " + place + ": found " + found + ", expected a profile of format version " + VERSION
                        + ". Train the bundle again with this version of Aisle, or compare with a run.",
                cause);
    }
}
