package io.aisle.core.settings;

import com.typesafe.config.Config;
import io.aisle.core.settings.CommandOption.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import scala.Option;
import scala.Predef$;
import scala.runtime.BoxedUnit;
import scala.util.Either;
import scopt.OptionDef;
import scopt.OptionParser;
import scopt.Read;
import scopt.Read$;

/**
 * The command line of one job, parsed with scopt: its named options, and {@code --conf}, {@code --set}, {@code --dry-run} and
 * {@code --help}, which every job has. Options only name keys; defaults live in {@code reference.conf} alone.
 *
 * @param settings what the run uses
 * @param isDryRun whether to print the plan only
 */
public record CommandLine(Settings settings, boolean isDryRun) {

    /** Parses, overlays and checks that every required option has a value; throws {@link UsageException} with all faults. */
    public static CommandLine parse(String program, List<CommandOption> options, List<String> arguments) {
        Parsed parsed = new Parsed();
        Parser parser = new Parser(program, "", options, parsed);
        Option<Parsed> result = parser.parse(Predef$.MODULE$.wrapRefArray(arguments.toArray(String[]::new)), parsed);
        if (result.isEmpty() || !parsed.errors.isEmpty()) {
            throw new UsageException("Cannot read the command line of " + program + ":\n  - "
                    + String.join("\n  - ", parsed.errors) + "\nTry: " + program + " --help");
        }
        List<Config> layers = new ArrayList<>();
        parsed.files.forEach(file -> layers.add(Settings.file(Path.of(file))));
        parsed.assignments.forEach(assignment -> layers.add(Settings.assignment(assignment)));
        parsed.named.forEach(named -> layers.add(layer(named.option(), named.value())));
        Settings settings = Settings.overlaid(layers);
        List<String> missing = options.stream()
                .filter(option -> option.required() && !settings.has(option.key()))
                .map(option -> "--" + option.name() + " " + option.valueName() + " (" + option.text() + ")")
                .toList();
        if (!missing.isEmpty()) {
            throw new UsageException("Cannot run " + program + ": found no value for\n  - "
                    + String.join("\n  - ", missing) + "\nTry: " + program + " --help");
        }
        return new CommandLine(settings, parsed.isDryRun);
    }

    /** The usage text of a job. */
    public static String usage(String program, String summary, List<CommandOption> options) {
        return new Parser(program, summary, options, new Parsed()).usage().strip();
    }

    private static Config layer(CommandOption option, String value) {
        if (option.shape() == Shape.SINGLE || option.shape() == Shape.FLAG) {
            return Settings.value(option.key(), value);
        }
        List<String> parts = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            parts.add(part.strip());
        }
        if (option.shape() == Shape.LIST) {
            return Settings.value(option.key(), parts);
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new UsageException("Cannot read --" + option.name() + " " + value + ": found '" + part
                        + "', expected name=value pairs between commas.");
            }
            pairs.put(
                    part.substring(0, equals).strip(),
                    part.substring(equals + 1).strip());
        }
        return Settings.value(option.key(), pairs);
    }

    private record Named(CommandOption option, String value) {}

    /** What scopt gathers while it reads. */
    private static final class Parsed {
        final List<String> files = new ArrayList<>();
        final List<String> assignments = new ArrayList<>();
        final List<Named> named = new ArrayList<>();
        final List<String> errors = new ArrayList<>();
        boolean isDryRun;

        void add(CommandOption option, String value) {
            if (named.stream().anyMatch(earlier -> earlier.option().equals(option))) {
                errors.add("Option --" + option.name() + " is given more than once");
            }
            named.add(new Named(option, value));
        }
    }

    private static final class Parser extends OptionParser<Parsed> {
        private static final Read<String> TEXT = Read$.MODULE$.stringRead();
        private static final Read<BoxedUnit> NOTHING = Read$.MODULE$.unitRead();

        private final Parsed parsed;
        private final List<String> names = new ArrayList<>(List.of("--conf", "--set", "--dry-run", "--help"));

        Parser(String program, String summary, List<CommandOption> options, Parsed parsed) {
            super(program);
            this.parsed = parsed;
            if (!summary.isEmpty()) {
                head(Predef$.MODULE$.wrapRefArray(new String[] {summary}));
            }
            for (CommandOption option : options) {
                names.add("--" + option.name());
                if (option.shape() == Shape.FLAG) {
                    opt(option.name(), NOTHING).unbounded().text(option.text()).action((nothing, into) -> {
                        into.add(option, "true");
                        return into;
                    });
                    continue;
                }
                text(option.name(), option.valueName(), option.text() + (option.required() ? " (required)" : ""))
                        // bounded, scopt would call the second one unknown
                        .unbounded()
                        .action((value, into) -> {
                            into.add(option, value);
                            return into;
                        });
            }
            text("conf", "FILE", "HOCON overlay over reference.conf; may be given again")
                    .unbounded()
                    .action((value, into) -> {
                        into.files.add(value);
                        return into;
                    });
            text("set", "KEY=VALUE", "sets any key of reference.conf; may be given again")
                    .unbounded()
                    .action((value, into) -> {
                        into.assignments.add(value);
                        return into;
                    });
            opt("dry-run", NOTHING)
                    .unbounded()
                    .text("print the resolved settings and the plan, and stop")
                    .action((nothing, into) -> {
                        into.isDryRun = true;
                        return into;
                    });
            opt("help", NOTHING).text("print this text");
        }

        private OptionDef<String, Parsed> text(String name, String valueName, String text) {
            return opt(name, TEXT).valueName(valueName).text(text);
        }

        @Override
        public void reportError(String message) {
            String unknown = message.startsWith("Unknown option ") ? message.substring("Unknown option ".length()) : "";
            parsed.errors.add(unknown.isEmpty() ? message : message + Suggestion.of(unknown, names));
        }

        @Override
        public Option<Object> showUsageOnError() {
            return Option.apply(false);
        }

        @Override
        public void terminate(Either<String, BoxedUnit> exitState) {
            // only the mains end the process
        }
    }
}
