/* Configs of sweeps, for several suites. SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_SWEEP_GAMES_H
#define DT_TESTS_SWEEP_GAMES_H

#define PLAYERS                                                                                    \
    "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"l\", \"m\", \"h\"]; } ); "  \
    "},\n"                                                                                         \
    " { name = \"B\"; moves = ( { name = \"y\"; levels = [\"l\", \"m\", \"h\"]; } ); } );\n"
#define PAYOFFS                                                                                    \
    "payoffs = { kind = \"formula\"; A = \"a * A.x - A.x * B.y + b * (A.x == B.y)\";\n"            \
    " B = \"b * B.y - A.x * B.y * a + c\"; };\n"
#define PARAMETERS                                                                                 \
    "parameters = { a = { value = 1.5; range = (0, 4); }; b = { value = 2; range = (0, 5); }; "    \
    "c = 0; };\n"
#define CONCEPTS "solve = { concepts = ( \"pure-nash\", \"mixed-nash\", \"correlated\" ); };\n"
#define GAME     PARAMETERS PLAYERS PAYOFFS CONCEPTS
/* All kinds of results, one of them at each of 300 points. */
#define SMALL                                                                                      \
    GAME "sweep = { design = \"latin-hypercube\"; points = 300; seed = 11; over = ( \"a\", \"b\" " \
         ");\n"                                                                                    \
         " record = ( \"equilibria\", \"payoffs\", \"reduced\", \"A.x:h\",\n"                      \
         "  { name = \"both\"; value = \"A.x * B.y + a\"; } ); };\n"
/* Takes seconds: three players of six strategies. */
#define LONG                                                                                       \
    "parameters = { a = { value = 1.5; range = (1, 4); }; };\n"                                    \
    "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"0\", \"1\", \"2\", \"3\", " \
    "\"4\", \"5\"]; } ); },\n"                                                                     \
    " { name = \"B\"; moves = ( { name = \"y\"; levels = [\"0\", \"1\", \"2\", \"3\", \"4\", "     \
    "\"5\"]; } ); },\n"                                                                            \
    " { name = \"C\"; moves = ( { name = \"z\"; levels = [\"0\", \"1\", \"2\", \"3\", \"4\", "     \
    "\"5\"]; } ); } );\n"                                                                          \
    "payoffs = { kind = \"formula\"; A = \"A.x^a * B.y - A.x^2\"; B = \"B.y^a * C.z - B.y^2\";\n"  \
    " C = \"C.z^a * A.x - C.z^2\"; };\n"                                                           \
    "solve = { concepts = ( \"pure-nash\" ); };\n"                                                 \
    "sweep = { design = \"sobol\"; points = 3000; over = ( \"a\" ); };\n"

#endif
