package io.aisle.batch.plan;

import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What plan needs to know.
 *
 * @param rows products a night
 * @param changed share of them, 0 to 1, that the second night scores
 * @param tokens word pieces a text on average
 * @param cascadeShare of the rows that a cascade's network reads
 * @param shapes to plan for, at the prices asked for
 * @param nodes of each shape, unless one of the next two says otherwise
 * @param gpus in all
 * @param deadlineSeconds within which the night has to be done
 * @param gpuRate rows a second of one GPU; empty: computed
 * @param gpuUtilisation share of a GPU's peak, where its rate is computed
 */
record PlanSettings(
        long rows,
        double changed,
        int tokens,
        double cascadeShare,
        List<Shape> shapes,
        long nodes,
        OptionalLong gpus,
        OptionalDouble deadlineSeconds,
        OptionalDouble gpuRate,
        double gpuUtilisation) {

    static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("rows", "NUMBER", "plan.rows", "products a night"),
            CommandOption.optional("changed", "SHARE", "plan.changed", "share that an ordinary night scores"),
            CommandOption.optional("tokens", "NUMBER", "plan.tokens", "word pieces a text has on average"),
            CommandOption.list("shape", "A,B", "plan.shapes", "kinds of machines; default: all that are known"),
            CommandOption.optional("nodes", "NUMBER", "plan.nodes", "machines of each kind"),
            CommandOption.optional("gpus", "NUMBER", "plan.gpus", "GPUs in all: as many machines as hold them"),
            CommandOption.optional(
                    "deadline", "TIME", "plan.deadline", "as in 6h: how many machines are needed for it"),
            CommandOption.optional(
                    "price", "DOLLARS", "plan.price", "of a machine and hour, all included; one --shape"),
            CommandOption.optional("gpu-rate", "NUMBER", "plan.gpu-rate", "rows a second that a GPU scores"));

    private static final Pattern TIME = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)([hms])");
    private static final long MAX_ROWS = 1_000_000_000_000L;

    static PlanSettings read(Settings settings) {
        return new PlanSettings(
                settings.wholeNumber("plan.rows", 1, MAX_ROWS),
                settings.number("plan.changed", 0, 1),
                settings.integer("plan.tokens", 1, 512),
                settings.number("plan.cascade-share", 0, 1),
                shapes(settings),
                settings.wholeNumber("plan.nodes", 1, 100_000),
                settings.has("plan.gpus")
                        ? OptionalLong.of(settings.wholeNumber("plan.gpus", 1, 100_000))
                        : OptionalLong.empty(),
                deadline(settings),
                settings.has("plan.gpu-rate")
                        ? OptionalDouble.of(settings.number("plan.gpu-rate", 0.001, 1e9))
                        : OptionalDouble.empty(),
                settings.number("plan.gpu-utilisation", 0.001, 1));
    }

    private static List<Shape> shapes(Settings settings) {
        List<Shape> known = Shape.all();
        List<String> wanted = settings.texts("plan.shapes");
        List<Shape> shapes = new ArrayList<>(wanted.isEmpty() ? known : List.of());
        for (String name : wanted) {
            known.stream()
                    .filter(shape -> shape.name().equals(name))
                    .findFirst()
                    .ifPresentOrElse(
                            shapes::add,
                            () -> settings.problem(
                                    "plan.shapes",
                                    name,
                                    "some of "
                                            + String.join(
                                                    ", ",
                                                    known.stream()
                                                            .map(Shape::name)
                                                            .toList())));
        }
        if (settings.has("plan.gpus")) {
            shapes.removeIf(shape -> shape.gpu().isEmpty());
            if (shapes.isEmpty()) {
                settings.problem("plan.gpus", "shapes without a GPU", "at least one that has one in plan.shapes");
            }
            if (settings.has("plan.deadline")) {
                settings.problem("plan.deadline", "plan.gpus too", "one of the two: either says how many machines");
            }
        }
        if (settings.has("plan.price")) {
            double price = settings.number("plan.price", 0, 1e6);
            if (wanted.size() != 1) {
                settings.problem("plan.price", wanted.size() + " shapes", "one in plan.shapes, whose price it is");
            }
            shapes.replaceAll(shape -> shape.withPrice(price));
        }
        return List.copyOf(shapes);
    }

    private static OptionalDouble deadline(Settings settings) {
        Optional<String> given = settings.optionalText("plan.deadline");
        if (given.isEmpty()) {
            return OptionalDouble.empty();
        }
        Matcher time = TIME.matcher(given.orElseThrow());
        double seconds = time.matches()
                ? Double.parseDouble(time.group(1))
                        * switch (time.group(2)) {
                            case "h" -> 3600;
                            case "m" -> 60;
                            default -> 1;
                        }
                : 0;
        if (seconds <= 0) {
            settings.problem("plan.deadline", given.orElseThrow(), "a time above 0, as in 6h, 90m or 5400s");
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(seconds);
    }

    /** Machines of a shape that do a night of so many machine-seconds. */
    long nodes(Shape shape, double nodeSeconds) {
        if (deadlineSeconds.isPresent()) {
            return Math.max(1, (long) Math.ceil(nodeSeconds / deadlineSeconds.getAsDouble()));
        }
        if (gpus.isPresent()) {
            long each = shape.gpu().orElseThrow().count();
            return (gpus.getAsLong() + each - 1) / each;
        }
        return nodes;
    }
}
