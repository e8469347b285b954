package io.aisle.batch.doctor;

import io.aisle.batch.Job;
import io.aisle.batch.Job.Command;
import io.aisle.batch.doctor.Place.Use;
import io.aisle.batch.score.Engine;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What doctor needs to know.
 *
 * @param job that is going to run
 * @param missing options that the job cannot do without
 * @param plan of the job; empty where options are missing
 * @param places that it reads or writes
 * @param engine that scores
 * @param isSingleWriter whether an output without conditional writes will do
 * @param waitSeconds how long the executors may take to start
 */
record DoctorSettings(
        String job,
        List<String> missing,
        List<String> plan,
        List<Place> places,
        Optional<Engine> engine,
        boolean isSingleWriter,
        int waitSeconds) {

    /** Of the options of the job none is needed; the job's own settings are checked as the job does where it could run with them. */
    static DoctorSettings read(Command job, Settings settings) {
        List<Place> places = Place.of(job, settings);
        List<String> missing = new ArrayList<>();
        job.options().stream()
                .filter(option -> option.required() && !settings.has(option.key()))
                .forEach(option -> missing.add("--" + option.name()));
        if (missing.isEmpty() && places.stream().allMatch(place -> place.uri().isEmpty())) {
            missing.add("a place");
        }
        Optional<Job> configured =
                missing.isEmpty() ? Optional.of(job.configure().apply(settings)) : Optional.empty();
        return new DoctorSettings(
                job.name(),
                List.copyOf(missing),
                configured.map(Job::plan).orElse(List.of()),
                places,
                job.name().equals("classify")
                        ? settings.optionalChoice("classify.engine", Engine.class)
                        : Optional.of(Engine.ONNX),
                settings.flag("storage.single-writer"),
                settings.integer("doctor.wait-seconds", 1, 86_400));
    }

    /** Whether the job trains a network, or may, for which it needs PyTorch. */
    boolean trains() {
        return Set.of("train", "compare", "pretrain").contains(job);
    }

    /** The bundle that the job scores with, where it was given. */
    Optional<String> model() {
        return models().stream().findFirst();
    }

    /** Whether the job scores with a bundle. */
    boolean hasModel() {
        return places.stream().anyMatch(place -> place.use() == Use.MODEL);
    }

    /** The URIs of all places that were given. */
    List<String> uris() {
        return askedPlaces().stream().map(AskedPlace::uri).toList();
    }

    /** What to ask executors about: all places that were given. */
    List<AskedPlace> askedPlaces() {
        return places.stream()
                .flatMap(place -> place.uri().stream()
                        .map(uri -> new AskedPlace(uri, !place.use().isOutput())))
                .toList();
    }

    /** The bundles that were given: that of the job, and what it is compared with. */
    List<String> models() {
        return places.stream()
                .filter(place -> place.use() == Use.MODEL)
                .flatMap(place -> place.uri().stream())
                .toList();
    }
}
